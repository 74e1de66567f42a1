"""Checks with Great Expectations; the numbers of the profile are expectations that always hold.

usage: peer_great_expectations.py FILE CONSTRAINTS
"""

import great_expectations as gx
import great_expectations.expectations as gxe
from checks import constraints, done, frame, known, limits

context = gx.get_context(mode="ephemeral")
batch = (
    context.data_sources.add_pandas("pandas")
    .add_dataframe_asset("flights")
    .add_batch_definition_whole_dataframe("all")
)
suite = context.suites.add(gx.ExpectationSuite(name="flights"))
names = ["date", "delay", "distance", "origin", "destination"]
suite.add_expectation(gxe.ExpectTableColumnsToMatchSet(column_set=names))
suite.add_expectation(gxe.ExpectTableRowCountToBeBetween(min_value=constraints["minimum_rows"]))
suite.add_expectation(
    gxe.ExpectCompoundColumnsToBeUnique(
        column_list=names, mostly=1 - constraints["maximum_duplicate_share"]
    )
)
types = {"date": "datetime64[us]", "delay": "int64", "distance": "int64"}
for name in names:
    suite.add_expectation(gxe.ExpectColumnValuesToNotBeNull(column=name))
    suite.add_expectation(gxe.ExpectColumnValuesToBeOfType(column=name, type_=types.get(name, "str")))
    suite.add_expectation(gxe.ExpectColumnUniqueValueCountToBeBetween(column=name, min_value=1))
for name in ("delay", "distance"):
    low, high = limits(name)
    suite.add_expectation(
        gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high)
    )
    for expectation in (gxe.ExpectColumnMeanToBeBetween, gxe.ExpectColumnStdevToBeBetween):
        suite.add_expectation(expectation(column=name, min_value=0))
    deciles = [i / 10 for i in range(11)]
    suite.add_expectation(
        gxe.ExpectColumnQuantileValuesToBeBetween(
            column=name,
            quantile_ranges={"quantiles": deciles, "value_ranges": [[low, high]] * 11},
        )
    )
for name in ("origin", "destination"):
    suite.add_expectation(gxe.ExpectColumnValuesToBeInSet(column=name, value_set=known(name)))
found = batch.get_batch(batch_parameters={"dataframe": frame}).validate(suite)
for result in found.results:
    if not result.success:
        raise SystemExit(f"{result.expectation_config.type} {result.expectation_config.kwargs}")
done(found.success)

/**
 * An evaluation for people: a page, a card, pictures.
 *
 * @module
 */
export { renderCard } from "./card.ts";
export * from "./content.ts";
export { evaluationPictures } from "./pictures.ts";
export { renderReport } from "./report.ts";
export { type DataReportContent, renderDataReport } from "./data_report.ts";

/**
 * Imported before the decoder, which then frees nothing by itself: a finalizer that runs after its
 * instance was replaced would free a place in the new one. What the decoder gives is freed by `using`.
 *
 * @module
 */
const { FinalizationRegistry } = globalThis;
Reflect.deleteProperty(globalThis, "FinalizationRegistry");

/** Puts things back, once the decoder's module has been evaluated. */
export function restoreFinalizers(): void {
  Object.defineProperty(globalThis, "FinalizationRegistry", {
    value: FinalizationRegistry,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

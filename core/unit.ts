declare const unitName: unique symbol

/**
 * A value whose unit is part of its type: a `UsdE8` cannot be passed where a `PriceE8` is expected.
 * The name carries the scale: `E8` means "in 10⁻⁸ of one whole unit".
 */
export type Unit<T, Name extends string> = T & { readonly [unitName]: Name }

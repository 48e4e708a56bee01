/** One part of an entity key. Parts are compared by type and value: `1` and `'1'` differ. */
export type KeyPart = string | number | bigint | boolean

/** One part of the key of every row: codes of a dictionary that labels and views share, or the parts. */
export type KeyColumn = Int32Array | readonly KeyPart[]

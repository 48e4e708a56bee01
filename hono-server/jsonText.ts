/** JSON in which big integers are decimal strings, since a JSON number is a double to most readers. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'bigint' ? field.toString() : field,
  )
}

/** A plain copy of canonical JSON for readers: its integers (`{"$int":"…"}`) become decimal strings. */
export function readableJson(canonical: string): unknown {
  return JSON.parse(canonical, (_key, field: unknown) => {
    if (field !== null && typeof field === 'object' && '$int' in field && Object.keys(field).length === 1)
      return String(field.$int)
    return field
  })
}

/** A value as a JSON reader gets it. */
export function plainJson(value: unknown): unknown {
  return JSON.parse(jsonText(value ?? null))
}

/** An ISO instant for people: date and time to the second. */
export const readableTime = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '')

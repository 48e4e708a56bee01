import { InvalidInputError, TouchstoneError, toError, UnavailableError } from '../../core/index.ts'

const NO_SPACE = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded/

/** What a failure of the disk means to a user: a full one may have room later; any other folder may do better. */
export function diskError(error: unknown, file: string): TouchstoneError {
  if (error instanceof TouchstoneError) return error
  const reason = toError(error).message
  if (NO_SPACE.test(reason))
    return new UnavailableError(`The disk is full: ${file} cannot be written.`, {
      facts: { file },
      hint: 'Make room and run the command again: nothing was lost, and nothing half written remains.',
      cause: error,
    })
  return new InvalidInputError(`${file} cannot be used: ${reason}`, {
    facts: { file },
    hint: 'Check that the folder exists and that this user may write to it.',
    cause: error,
  })
}

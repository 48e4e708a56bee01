import { z } from 'zod'
import { canonicalJson, type Hash, IntegrityError, InvalidInputError, sha256 } from '../../core/index.ts'
import { float32FromText } from '../float32Text.ts'
import { decodeProgram } from './decodeProgram.ts'
import { encodeProgram } from './encodeProgram.ts'
import { int16FromText } from './int16Text.ts'
import { type ModelCard, modelCardSchema } from './modelCard.ts'
import type { Program, ProgramTree } from './program.ts'

/** The version of the file's form that this code writes and reads. */
export const SEALED_MODEL_FORMAT_VERSION = 1

/** A model that agents may run: a program that evaluates to the same bits everywhere, and what is known about it. */
export type SealedModel = { readonly program: Program; readonly card: ModelCard }

/** What names a sealed model: `model` is SHA-256(`program` ‖ `card`), so that the program alone can be checked too. */
export type SealedModelHashes = {
  readonly model: Hash
  /** SHA-256 of the program's bytes. */
  readonly program: Hash
  /** SHA-256 of the card's canonical JSON. */
  readonly card: Hash
}

const fileSchema = z.strictObject({
  format: z.literal('touchstone-sealed-model'),
  formatVersion: z.literal(SEALED_MODEL_FORMAT_VERSION),
  hash: z.string().regex(/^0x[0-9a-f]{64}$/),
  program: z.string(),
  card: z.unknown(),
})

/**
 * The hashes of a sealed model.
 *
 * @throws InvalidInputError when it is malformed.
 */
export function sealedModelHashes({ program, card }: SealedModel): SealedModelHashes {
  return hashesOf(encodeProgram(program), canonicalJson(card))
}

/**
 * Writes a sealed model as canonical JSON, with the hash that names it.
 *
 * @throws InvalidInputError when it is malformed, or its card does not fit its program.
 */
export function serialiseSealedModel(model: SealedModel): { readonly text: string; readonly hash: Hash } {
  const { program } = model
  const card = parseCard(model.card)
  checkCard(program, card)
  const bytes = encodeProgram(program)
  const hash = hashesOf(bytes, canonicalJson(card)).model
  const text = canonicalJson({
    format: 'touchstone-sealed-model',
    formatVersion: SEALED_MODEL_FORMAT_VERSION,
    hash,
    program: Buffer.from(bytes).toString('base64'),
    card,
  })
  return { text, hash }
}

/**
 * Reads what `serialiseSealedModel` wrote.
 *
 * @throws IntegrityError when the text was changed, or is not the model of the expected hash.
 * @throws InvalidInputError naming the first field that is wrong.
 */
export function parseSealedModel(text: string, expectedHash?: Hash): SealedModel {
  const file = fileSchema.safeParse(parseJson(text))
  if (!file.success) throw firstIssue(file.error, 'file')
  const bytes = Buffer.from(file.data.program, 'base64')
  if (bytes.toString('base64') !== file.data.program) throw malformed('program', 'it is not base64')
  const card = parseCard(file.data.card)
  const actual = hashesOf(bytes, canonicalJson(file.data.card)).model
  for (const expected of [file.data.hash, expectedHash])
    if (expected !== undefined && actual !== expected)
      throw new IntegrityError(`The sealed model hashes to ${actual}, but ${expected} was expected.`, {
        facts: { expected, actual },
        hint: 'The stored model was changed: restore it, or train again and deploy a new agent.',
      })
  const program = decodeProgram(bytes)
  checkCard(program, card)
  // Otherwise two texts would be one model.
  if (serialiseSealedModel({ program, card }).text !== text)
    throw malformed('file', 'the text is not canonical JSON')
  return { program, card }
}

function hashesOf(program: Uint8Array, card: string): SealedModelHashes {
  const hashes = { program: sha256(program), card: sha256(card) }
  return { ...hashes, model: sha256(Buffer.from(hashes.program.slice(2) + hashes.card.slice(2), 'hex')) }
}

function parseCard(card: unknown): ModelCard {
  const parsed = modelCardSchema.safeParse(card)
  if (!parsed.success) throw firstIssue(parsed.error, 'card')
  return parsed.data
}

/** Checks that a card speaks of its program. */
function checkCard({ kind, columns, steps, ...program }: Program, card: ModelCard): void {
  const length = (field: string, actual: number | undefined, expected: number) => {
    if (actual !== expected) throw malformed(field, `expected ${expected} values, not ${actual}`)
  }
  const { features, featureVersions, background, covers } = card
  length('card.features', features.length, columns)
  if (new Set(features).size !== features.length) throw malformed('card.features', 'a name occurs twice')
  if (featureVersions !== null) length('card.featureVersions', featureVersions.length, columns)
  length(
    'card.background.inputs',
    int16FromText(background.inputs)?.length,
    background.rows * steps * columns,
  )
  if (kind === 'network' && background.rows === 0)
    throw malformed('card.background.rows', 'explanations of a network need at least 1')
  if (kind === 'network' && covers !== null) throw malformed('card.covers', 'a network has none')
  if ('trees' in program) {
    if (covers === null) throw malformed('card.covers', 'explanations of trees need them')
    checkCovers(program.trees, float32FromText(covers) ?? new Float32Array(0))
  }
}

/** Explanations divide by the covers of inner nodes. */
function checkCovers(trees: readonly ProgramTree[], covers: Float32Array): void {
  const nodes = trees.flatMap(({ left }) => [...left])
  if (covers.length !== nodes.length)
    throw malformed('card.covers', `expected ${nodes.length} values, not ${covers.length}`)
  for (const [node, left] of nodes.entries()) {
    const cover = covers[node] ?? 0
    if (cover < 0 || (left !== 0 && cover === 0))
      throw malformed('card.covers', `that of node ${node} is ${cover}`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidInputError('The sealed model is not JSON.', {
      facts: { field: 'file' },
      hint: 'Pass the text of a model that `touchstone train` saved.',
      cause,
    })
  }
}

function firstIssue({ issues: [issue] }: z.ZodError, root: string): InvalidInputError {
  const path = [...(root === 'card' ? ['card'] : []), ...(issue?.path.map(String) ?? [])]
  return malformed(path.join('.') || root, issue?.message ?? 'unknown')
}

function malformed(field: string, problem: string): InvalidInputError {
  return new InvalidInputError(`The sealed model's field "${field}" is wrong: ${problem}.`, {
    facts: { field },
    hint: 'Pass the text of a model that `touchstone train` saved with this version.',
  })
}

import { type Hash, IntegrityError, type ModelStore, NotFoundError, type UnixMs } from '../core/index.ts'
import { parseSealedModel, type SealedModel, serialiseSealedModel } from './sealed/sealedModel.ts'

/** Saves and loads models, and believes no store. */
export type ModelRegistry = {
  /** Stores a model under the hash that names it, which it returns. */
  save(model: SealedModel, nowMs: UnixMs): Promise<Hash>
  /**
   * Loads a model and checks that it is what its hash names.
   *
   * @throws NotFoundError when the store has none of this hash; IntegrityError when its text was changed.
   */
  load(hash: Hash): Promise<SealedModel>
}

/** Opens a registry over a store. */
export function createModelRegistry(store: ModelStore): ModelRegistry {
  return {
    async save(model, nowMs) {
      const { text, hash } = serialiseSealedModel(model)
      await store.save({ hash, name: model.card.name, artifact: text, createdAtMs: nowMs })
      return hash
    },
    async load(hash) {
      const stored = await store.find(hash)
      if (stored === null)
        throw new NotFoundError(`There is no model ${hash} in the store.`, {
          facts: { model: hash },
          hint: 'Train it with `touchstone train`, or check the hash.',
        })
      if (stored.hash !== hash)
        throw new IntegrityError(`The store gave model ${stored.hash} for ${hash}.`, {
          facts: { expected: hash, actual: stored.hash },
          hint: 'The store is damaged: restore it from a backup.',
        })
      return parseSealedModel(stored.artifact, hash)
    },
  }
}

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InvalidInputError, NotFoundError } from '../core/index.ts'
import {
  type FloatNetwork,
  fromLayersModel,
  fromOnnx,
  fromOnnxTrees,
  fromXgboost,
  type Scaler,
  type TreeEnsemble,
} from '../models/index.ts'

/**
 * Reads a model that was trained elsewhere: ONNX (a network, or trees), a TensorFlow.js model.json with its weights
 * beside it, or XGBoost's JSON.
 *
 * @param scaler Scale of features that the model itself does not scale.
 * @throws NotFoundError when there is no file; InvalidInputError when it is none of these, or has what cannot be sealed.
 */
export async function readForeignModel(file: string, scaler: Scaler): Promise<FloatNetwork | TreeEnsemble> {
  const bytes = await read(file)
  if (!file.endsWith('.json')) {
    const isTrees = bytes.includes('TreeEnsembleRegressor')
    return isTrees ? fromOnnxTrees(bytes) : fromOnnx(bytes, { scalerIfNone: scaler })
  }
  const json: unknown = parsed(bytes, file)
  if (hasField(json, 'learner')) return fromXgboost(json)
  if (!hasField(json, 'modelTopology'))
    throw new InvalidInputError(`${file} is no model that can be read.`, {
      facts: { file },
      hint: 'Give ONNX, a TensorFlow.js model.json, or JSON that XGBoost saved.',
    })
  const weights = await Promise.all(weightFiles(json).map(name => read(join(dirname(file), name))))
  return fromLayersModel({ modelJson: json, weights: Buffer.concat(weights), scalerIfNone: scaler })
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new NotFoundError(`There is no file ${file}.`, {
      facts: { file },
      hint: 'Check the path; weights of a TensorFlow.js model lie beside its model.json.',
      cause,
    })
  })
}

function parsed(bytes: Buffer, file: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new InvalidInputError(`${file} is not JSON.`, {
      facts: { file },
      hint: 'Give the file as the other program wrote it.',
      cause,
    })
  }
}

const hasField = <Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> =>
  typeof value === 'object' && value !== null && name in value

/** Names of the weight files of a TensorFlow.js model, in the order of its manifest. */
function weightFiles(json: object): string[] {
  if (!hasField(json, 'weightsManifest') || !Array.isArray(json.weightsManifest)) return []
  return json.weightsManifest.flatMap((group: unknown) =>
    hasField(group, 'paths') && Array.isArray(group.paths) ? group.paths.map(String) : [],
  )
}

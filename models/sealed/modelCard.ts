import { z } from 'zod'
import { lossBackgroundSchema } from '../evaluation/decayMonitor.ts'
import { featureBackgroundSchema } from '../evaluation/featureBackground.ts'
import { float32FromText } from '../float32Text.ts'
import { modelSpecSchema } from '../modelSpec.ts'
import { labelSpecSchema } from '../samples/labelSpec.ts'
import { int16FromText } from './int16Text.ts'

/** Most background rows of a model: each costs an explanation its share of time. */
export const BACKGROUND_LIMIT = 256

const hashSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)])
const count = z.int().min(0)
const share = z.number().min(0).max(1)

/** What is known about a sealed model beside its program; unknown fields are refused. */
export const modelCardSchema = z
  .strictObject({
    name: z.string().min(1),
    version: z.int().min(1),
    instrument: z.string().min(1),
    /** Hash over everything that says what the features' numbers are, in order. */
    featureSet: hashSchema,
    /** Names, in the order of the feature vector. */
    features: z.array(z.string().min(1)).min(1).max(4_096).readonly(),
    /** Their versions; null when the trainer was not told. */
    featureVersions: z.array(z.int().min(1)).readonly().nullable(),
    label: labelSpecSchema.readonly(),
    /** How it was trained; null for a model that was imported. */
    training: z
      .strictObject({
        spec: modelSpecSchema.readonly(),
        /** Times of the first and last training row, and of the first row that the metrics are measured on. */
        fromMs: count,
        toMs: count,
        testFromMs: count.nullable(),
        rows: count,
        dataHash: hashSchema,
        /** Epochs or rounds that were run, and the one whose weights were kept. */
        stepsRun: count,
        bestStep: count,
        /** What computed it, for example `cpu` or the name of a GPU. */
        device: z.string().min(1),
      })
      .readonly()
      .nullable(),
    /** Which model of a walk-forward it is, from 1, and until when it serves; null for one of its own. */
    walkForward: z
      .strictObject({ fold: z.int().min(1), folds: z.int().min(1), testToMs: count })
      .readonly()
      .nullable(),
    /** How the features were spread over the training rows, to notice when they no longer are; null if not known. */
    spread: featureBackgroundSchema.readonly().nullable(),
    /** Which log losses were usual out of sample, to notice when they grow; null where there were too few. */
    losses: lossBackgroundSchema.readonly().nullable(),
    /** The model that this one was trained to replace. */
    parent: hashSchema.nullable(),
    /** Out of sample, by name; null where one is not defined. */
    metrics: z.record(z.string(), z.number().nullable()).readonly(),
    /** What sealing lost, over rows out of sample; null for trees, which lose nothing, and where it was not measured. */
    quantisationLoss: z
      .strictObject({
        rows: count,
        worstScore: z.number().min(0),
        meanScore: z.number().min(0),
        scoreDeviation: z.number().min(0),
        worstProbability: share,
        meanProbability: share,
        flips: share,
      })
      .readonly()
      .nullable(),
    /**
     * Integer inputs of rows that the model was trained on, row after row as base64 of big-endian int16: what
     * explanations of a network compare with.
     */
    background: z
      .strictObject({
        rows: z.int().min(0).max(BACKGROUND_LIMIT),
        inputs: z.string().refine(text => int16FromText(text) !== null, {
          error: 'expected base64 of big-endian int16 values',
        }),
      })
      .readonly(),
    /** Covers of the nodes of trees, tree after tree, for their explanations; null for a network. */
    covers: z
      .string()
      .refine(text => float32FromText(text) !== null, {
        error: 'expected base64 of finite little-endian binary32 values',
      })
      .nullable(),
  })
  .readonly()

/** See `modelCardSchema`. */
export type ModelCard = z.output<typeof modelCardSchema>

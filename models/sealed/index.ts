export * from './backgroundRows.ts'
export { checkProgram } from './checkProgram.ts'
export { decodeProgram } from './decodeProgram.ts'
export { describeExplanation, type ExplainedPrediction } from './describeExplanation.ts'
export { encodeProgram, PROGRAM_FORMAT_VERSION } from './encodeProgram.ts'
export type { Explanation } from './explanation.ts'
export * from './int16Text.ts'
export {
  expectedReturnE9Of,
  type Link,
  type LinkSource,
  linkOf,
  probabilityPpmOf,
  RETURN_ONE,
  type ReturnInterval,
  type ReturnLine,
  uncalibratedLink,
} from './link.ts'
export type { MatrixRows } from './matrixRows.ts'
export { type ModelCard, modelCardSchema } from './modelCard.ts'
export { INPUT_ONE, type NetworkProgram, type Program, type TreesProgram } from './program.ts'
export { programScores } from './programScores.ts'
export * from './quantisationLoss.ts'
export { quantiseInputs } from './quantiseInputs.ts'
export { quantiseNetwork } from './quantiseNetwork.ts'
export { referenceScore } from './referenceScore.ts'
export * from './sealedInference.ts'
export * from './sealedModel.ts'
export { coversOf, treesProgram } from './treesProgram.ts'

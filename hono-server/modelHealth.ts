import { z } from '@hono/zod-openapi'

/** The form of how the model of an agent that runs is doing. */
export const modelHealthSchema = z
  .object({
    serving: z.string().openapi({ description: 'Content hash of the model that the agent decides with.' }),
    challenger: z
      .string()
      .nullable()
      .openapi({ description: 'The model that predicts beside it and is judged; null for none.' }),
    contest: z
      .object({
        outcomes: z.number().int().openapi({ description: 'Known outcomes that both foretold.' }),
        meanAdvantage: z
          .number()
          .openapi({ description: 'Log loss of the serving model less that of the challenger, in nats.' }),
        tStatistic: z
          .number()
          .nullable()
          .openapi({ description: 'The advantage in standard errors of it; null before there are two.' }),
      })
      .nullable()
      .openapi({ description: 'Between the two; null without a challenger, or a rule to judge it by.' }),
    drift: z
      .object({
        rows: z.number().int().openapi({ description: 'Feature vectors looked at.' }),
        level: z
          .enum(['stable', 'moderate', 'significant'])
          .nullable()
          .openapi({ description: 'Of the worst feature; null while there are too few vectors.' }),
        feature: z.string().nullable().openapi({ description: 'The worst feature.' }),
        stabilityIndex: z.number().nullable().openapi({ description: 'Its population stability index.' }),
      })
      .nullable()
      .openapi({
        description: 'Of the features, away from the rows that the model was trained on; null where unknown.',
      }),
    decay: z
      .object({
        outcomes: z.number().int().openapi({ description: 'Outcomes of its predictions that are known.' }),
        excessLoss: z
          .number()
          .nullable()
          .openapi({ description: 'Mean log loss above the usual, in nats; null before the first block.' }),
        cusum: z.number().openapi({ description: 'Sum of the excesses, in standard deviations of a block.' }),
        alarm: z.boolean().openapi({ description: 'Whether the sum has been too high, now or before.' }),
      })
      .nullable()
      .openapi({ description: 'Of the losses, above those of its test; null where those are unknown.' }),
  })
  .openapi('ModelHealth')

/** How the model of an agent that runs is doing. */
export type ModelHealth = z.infer<typeof modelHealthSchema>

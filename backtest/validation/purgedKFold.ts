import { assertSpans, assertWhole, type LabelSpans, type SampleSplit } from './labelSpans.ts'
import { groupsOf, purgedSplit } from './purgedSplit.ts'

/**
 * K-fold cross-validation without shuffling, purged and embargoed (M. López de Prado, "Advances in Financial
 * Machine Learning", 2018, chapter 7): each fold of adjoining samples tests once, and what shares time with it,
 * or starts within the embargo after it, does not train.
 *
 * @param folds from 2 to the number of samples.
 * @throws InvalidInputError naming the sample whose span is wrong, or the option that is.
 */
export function purgedKFold(
  spans: LabelSpans,
  { folds, embargoMs }: { readonly folds: number; readonly embargoMs: number },
): readonly SampleSplit[] {
  assertSpans(spans, embargoMs)
  assertWhole('folds', folds, 2, spans.startMs.length)
  return groupsOf(spans.startMs.length, folds).map(group => purgedSplit(spans, [group], embargoMs))
}

import type { NetworkLayer } from './floatNetwork.ts'

/** Outputs that the kernel computes at once: widths are padded to multiples of it. */
export const PANEL = 8

/** A layer as the kernel holds it; places count values, not bytes. */
export type PanelLayer = NetworkLayer & {
  readonly paddedInputs: number
  /** Panels of `PANEL` outputs. */
  readonly panels: number
  /** Where its weights [panel][tap][input][PANEL] begin; its padded biases follow them. */
  readonly panelWeightsAt: number
  readonly panelBiasesAt: number
  /** Where its weights [panel of inputs][tap][output][PANEL] begin among the transposed ones. */
  readonly transposedAt: number
}

export type PanelLayout = {
  readonly layers: readonly PanelLayer[]
  /** Values that the parameters take, padding included. */
  readonly size: number
  readonly transposedSize: number
}

/** Lays layers out in panels, padded with zeros: a zero weight of a zero input changes no sum and learns nothing. */
export function panelLayout(layers: readonly NetworkLayer[]): PanelLayout {
  let size = 0
  let transposedSize = 0
  const laid = layers.map((layer, index) => {
    const paddedInputs = padded(layer.inputs)
    const panels = padded(layer.outputs) / PANEL
    const weights = layer.taps * paddedInputs * panels * PANEL
    const at = { panelWeightsAt: size, panelBiasesAt: size + weights, transposedAt: transposedSize }
    size = at.panelBiasesAt + panels * PANEL
    // The gradient of the network's input is never asked for.
    if (index > 0) transposedSize += weights
    return { ...layer, paddedInputs, panels, ...at }
  })
  return { layers: laid, size, transposedSize }
}

/** Copies parameters, in the order of `FloatNetwork`, to their places in panels; padding is left as it is. */
export function toPanels(parameters: Float32Array, { layers }: PanelLayout, panels: Float32Array): void {
  eachParameter(layers, (at, place) => {
    panels[place] = parameters[at] ?? 0
  })
}

/** The parameters in the order of `FloatNetwork`. */
export function fromPanels(panels: Float32Array, { layers }: PanelLayout): Float32Array {
  const last = layers.at(-1)
  const parameters = new Float32Array(last === undefined ? 0 : last.biasesAt + last.outputs)
  eachParameter(layers, (at, place) => {
    parameters[at] = panels[place] ?? 0
  })
  return parameters
}

/** A width padded to whole panels. */
export function padded(width: number): number {
  return Math.ceil(width / PANEL) * PANEL
}

function eachParameter(layers: readonly PanelLayer[], visit: (at: number, place: number) => void): void {
  for (const layer of layers) {
    const { taps, inputs, outputs, paddedInputs, weightsAt, biasesAt, panelWeightsAt, panelBiasesAt } = layer
    let at = weightsAt
    for (let tap = 0; tap < taps; tap++)
      for (let input = 0; input < inputs; input++)
        for (let output = 0; output < outputs; output++) {
          const panel = Math.floor(output / PANEL)
          const row = (panel * taps + tap) * paddedInputs + input
          visit(at++, panelWeightsAt + row * PANEL + (output % PANEL))
        }
    for (let output = 0; output < outputs; output++) visit(biasesAt + output, panelBiasesAt + output)
  }
}

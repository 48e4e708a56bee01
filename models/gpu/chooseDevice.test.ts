import { expect, test, vi } from 'vitest'
import { chooseDevice } from './chooseDevice.ts'
import type { Gpu, GpuAbsence } from './openGpu.ts'

// What a machine has cannot be had otherwise.
const absence: GpuAbsence = { unavailable: 'There is none.', remedy: 'Plug one in.' }
const card = (software: boolean): Gpu & { closed: boolean } => ({
  name: software ? 'llvmpipe' : 'A Card',
  vendor: 'v',
  architecture: 'a',
  software,
  maxArrayBytes: 2 ** 30,
  closed: false,
  close() {
    this.closed = true
  },
})

test('cpu looks for no GPU', async () => {
  const open = vi.fn(async () => absence)
  expect(await chooseDevice('cpu', open)).toEqual({ device: 'cpu', why: 'The CPU was asked for.' })
  expect(open).not.toHaveBeenCalled()
})

test('auto takes a GPU that is real', async () => {
  const gpu = card(false)
  expect(await chooseDevice('auto', async () => gpu)).toEqual({
    device: 'gpu',
    gpu,
    why: 'There is a GPU: A Card.',
  })
  expect(gpu.closed).toBe(false)
})

test('auto leaves an imitation, closed, for the CPU', async () => {
  const gpu = card(true)
  expect(await chooseDevice('auto', async () => gpu)).toEqual({
    device: 'cpu',
    why: 'The only adapter, llvmpipe, is an imitation in software.',
  })
  expect(gpu.closed).toBe(true)
})

test('auto without a GPU takes the CPU and says why', async () => {
  expect(await chooseDevice('auto', async () => absence)).toEqual({ device: 'cpu', why: 'There is none.' })
})

test('gpu takes an imitation too, and says that it is one', async () => {
  const gpu = card(true)
  expect(await chooseDevice('gpu', async () => gpu)).toEqual({
    device: 'gpu',
    gpu,
    why: 'The GPU was asked for: llvmpipe, an imitation in software.',
  })
})

test('gpu without one is an error that says what would give one', async () => {
  await expect(chooseDevice('gpu', async () => absence)).rejects.toMatchObject({
    name: 'UnavailableError',
    message: 'No GPU to train on: There is none.',
    hint: 'Plug one in. Or pass `--device cpu`.',
  })
})

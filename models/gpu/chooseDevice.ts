import { UnavailableError } from '../../core/index.ts'
import { type Gpu, openGpu } from './openGpu.ts'

/** Where networks are trained, as a user asks for it. */
export type DeviceWish = 'auto' | 'gpu' | 'cpu'

/** Where networks are trained, and the sentence that says why. The one who asked closes the GPU. */
export type Device =
  | { readonly device: 'gpu'; readonly gpu: Gpu; readonly why: string }
  | { readonly device: 'cpu'; readonly why: string }

/**
 * Takes a device: `auto` a GPU only where it is real hardware, `gpu` whatever WebGPU opens.
 *
 * @param open finds the GPU.
 * @throws UnavailableError when `gpu` is asked for and there is none.
 */
export async function chooseDevice(wish: DeviceWish, open: typeof openGpu = openGpu): Promise<Device> {
  if (wish === 'cpu') return { device: 'cpu', why: 'The CPU was asked for.' }
  const found = await open()
  if ('unavailable' in found) {
    if (wish === 'gpu')
      throw new UnavailableError(`No GPU to train on: ${found.unavailable}`, {
        hint: `${found.remedy} Or pass \`--device cpu\`.`,
      })
    return { device: 'cpu', why: found.unavailable }
  }
  if (wish === 'gpu')
    return {
      device: 'gpu',
      gpu: found,
      why: `The GPU was asked for: ${found.name}${found.software ? ', an imitation in software' : ''}.`,
    }
  if (found.software) {
    found.close()
    return { device: 'cpu', why: `The only adapter, ${found.name}, is an imitation in software.` }
  }
  return { device: 'gpu', gpu: found, why: `There is a GPU: ${found.name}.` }
}

import { toError } from '../../core/index.ts'
import { type OpenDevice, registerDevice } from './gpuDevice.ts'

/** A graphics card (or its imitation in software) that trains networks. */
export type Gpu = {
  /** As the driver says it, such as `NVIDIA H100 80GB HBM3`. */
  readonly name: string
  readonly vendor: string
  readonly architecture: string
  /** Whether it is an imitation that runs on the CPU: right, but slower than the CPU kernels. */
  readonly software: boolean
  /** Most bytes that one array on it may have. */
  readonly maxArrayBytes: number
  /** Frees everything on it; nothing may be trained on it afterwards. */
  close(): void
}

/** Why there is no GPU, and what would give one. */
export type GpuAbsence = {
  /** A sentence. */
  readonly unavailable: string
  /** A sentence. */
  readonly remedy: string
}

/** Arrays that one kernel reads and writes at most; WebGPU promises eight, desktop drivers give ten or more. */
const ARRAYS_PER_KERNEL = 10

/**
 * Opens the fastest adapter that WebGPU finds: real hardware before an imitation. The package `webgpu` is loaded
 * here and nowhere else.
 */
export async function openGpu(): Promise<Gpu | GpuAbsence> {
  let webgpu: typeof import('webgpu')
  try {
    webgpu = await import('webgpu')
  } catch (thrown) {
    return {
      unavailable: `The package "webgpu" could not be loaded: ${firstLine(toError(thrown).message)}`,
      remedy: 'Install it with `npm install webgpu`; it has builds for Linux, macOS and Windows.',
    }
  }
  // The constants, such as GPUBufferUsage, live on the global object in browsers; Node's own globals stay as they are.
  for (const [name, value] of Object.entries(webgpu.globals))
    if (name.startsWith('GPU')) Reflect.set(globalThis, name, value)
  const api = webgpu.create([])
  const adapter =
    (await api.requestAdapter({ powerPreference: 'high-performance' })) ??
    (await api.requestAdapter({ forceFallbackAdapter: true }))
  if (adapter === null)
    return {
      unavailable: 'WebGPU finds no adapter on this machine.',
      remedy:
        'Install the card’s Vulkan driver and the loader libvulkan1; if the driver is there but not found, set ' +
        'VK_DRIVER_FILES to its ICD file, such as /usr/share/vulkan/icd.d/nvidia_icd.json.',
    }
  const { limits, info } = adapter
  if (limits.maxStorageBuffersPerShaderStage < ARRAYS_PER_KERNEL)
    return {
      unavailable: `The adapter "${info.description}" lets a kernel use ${limits.maxStorageBuffersPerShaderStage} arrays; ${ARRAYS_PER_KERNEL} are needed.`,
      remedy: 'Update its driver, or train on the CPU.',
    }
  try {
    const device = await adapter.requestDevice({
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      },
    })
    return describe({ device, api }, info)
  } catch (thrown) {
    return {
      unavailable: `The adapter "${info.description}" gives no device: ${firstLine(toError(thrown).message)}`,
      remedy: 'See that no other program holds the card and that its driver is up to date.',
    }
  }
}

function describe(open: OpenDevice, info: GPUAdapterInfo): Gpu {
  const { device } = open
  const gpu: Gpu = {
    name: info.description || info.device || info.vendor || 'unnamed',
    vendor: info.vendor,
    architecture: info.architecture,
    // Some drivers imitate a card without saying so: their architecture or name does.
    software:
      info.isFallbackAdapter ||
      /software|llvmpipe|lavapipe|swiftshader|\bcpu\b/i.test(`${info.architecture} ${info.description}`),
    maxArrayBytes: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
    close: () => device.destroy(),
  }
  registerDevice(gpu, open)
  return gpu
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text
}

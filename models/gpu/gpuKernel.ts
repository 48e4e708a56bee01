/** An array that a kernel is given: its name in WGSL, what it holds, whether the kernel writes to it. */
export type KernelArray = {
  readonly name: string
  readonly element: 'f32' | 'u32' | 'vec2f'
  readonly writes?: true
}

/** The text of a kernel: what it is given, in the order of its bindings, and the code below their declarations. */
export type KernelSource = {
  readonly label: string
  readonly arrays: readonly KernelArray[]
  readonly code: string
}

/** A compiled kernel. */
export type GpuKernel = {
  readonly pipeline: GPUComputePipeline
  /** Gives it its arrays, by name. */
  bind(buffers: Readonly<Record<string, GPUBuffer>>): GPUBindGroup
}

/** What a device has compiled: populations of one architecture use the same kernels. */
export type GpuKernels = {
  /** The layout of group 1; see `GROUP_OF_STEP`. */
  readonly stepLayout: GPUBindGroupLayout
  /** Compiles a kernel whose entry point is `main`, or gives the one compiled before. */
  compile(source: KernelSource): Promise<GpuKernel>
}

/**
 * Group 1 of every kernel: `step.x`, the number of the batch, `step.y`, the depth of a tile, and `step.z`, 4, at a
 * dynamic offset, so that one bind group serves all batches.
 */
const GROUP_OF_STEP = '@group(1) @binding(0) var<uniform> step: vec4u;'

const KERNELS = new WeakMap<GPUDevice, GpuKernels>()

/** The kernels of a device. */
export function kernelsOf(device: GPUDevice): GpuKernels {
  const known = KERNELS.get(device)
  if (known !== undefined) return known
  const stepLayout = device.createBindGroupLayout({
    entries: [
      {
        binding: 0,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: 16 },
      },
    ],
  })
  const compiled = new Map<string, Promise<GpuKernel>>()
  const kernels: GpuKernels = {
    stepLayout,
    compile(source) {
      const text = textOf(source)
      const found = compiled.get(text)
      if (found !== undefined) return found
      const kernel = compile(device, stepLayout, source, text)
      compiled.set(text, kernel)
      // What failed once, for want of memory perhaps, may be asked for again.
      kernel.catch(() => compiled.delete(text))
      return kernel
    },
  }
  KERNELS.set(device, kernels)
  return kernels
}

function textOf({ arrays, code }: KernelSource): string {
  const declarations = arrays.map(
    ({ name, element, writes }, binding) =>
      `@group(0) @binding(${binding}) var<storage, ${writes ? 'read_write' : 'read'}> ${name}: array<${element}>;`,
  )
  return `${declarations.join('\n')}\n${GROUP_OF_STEP}\n${code}`
}

async function compile(
  device: GPUDevice,
  stepLayout: GPUBindGroupLayout,
  { label, arrays }: KernelSource,
  text: string,
): Promise<GpuKernel> {
  const layout = device.createBindGroupLayout({
    label,
    entries: arrays.map(({ writes }, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: writes ? ('storage' as const) : ('read-only-storage' as const) },
    })),
  })
  const pipeline = await device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout, stepLayout] }),
    compute: { module: device.createShaderModule({ label, code: text }) },
  })
  return {
    pipeline,
    bind: buffers =>
      device.createBindGroup({
        label,
        layout,
        entries: arrays.map(({ name }, binding) => {
          const buffer = buffers[name]
          if (buffer === undefined) throw new TypeError(`The kernel "${label}" is not given "${name}".`)
          return { binding, resource: { buffer } }
        }),
      }),
  }
}

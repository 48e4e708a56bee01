import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

// npm run bench:gpu-bundle -- FOLDER: makes a folder that measures training on a GPU machine which has neither Node nor
// a package registry, only a Vulkan driver: ./run.sh prints a JSON object a line, PyTorch beside it where it is there.
const execute = promisify(execFile)
const root = join(import.meta.dirname, '..')

const RUN = `#!/bin/sh
# Measures the training of populations of networks on this machine's GPU, and prints a JSON object a line.
# PyTorch is measured beside it where python3 can import torch.
here=$(cd "$(dirname "$0")" && pwd)
# Only where the system has no Vulkan loader of its own.
if ! ldconfig -p 2>/dev/null | grep -q 'libvulkan\\.so\\.1'; then
  export LD_LIBRARY_PATH="$here/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
# Containers often mount NVIDIA's driver where the loader does not look.
if [ -z "$VK_DRIVER_FILES" ]; then
  for icd in /usr/share/vulkan/icd.d/nvidia_icd*.json /etc/vulkan/icd.d/nvidia_icd*.json \\
    /usr/local/nvidia/share/vulkan/icd.d/nvidia_icd*.json; do
    if [ -f "$icd" ]; then export VK_DRIVER_FILES="$icd"; break; fi
  done
fi
exec "$here/node" "$here/bench.mjs"
`

const ENTRY = `
import { measureGpu } from './trainGpu.ts'
for await (const result of measureGpu()) console.log(JSON.stringify(result))
process.exit(0)
`

async function makeBundle(folder: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`
  if (process.platform !== 'linux') throw new Error(`The bundle is for Linux; this is ${platform}.`)
  const dawn = join(root, 'node_modules/webgpu/dist', platform, 'dawn.node')
  if (!existsSync(dawn)) throw new Error(`${dawn} is missing: run \`npm ci\`.`)
  // Dawn's JavaScript looks for its binary in dist/PLATFORM beside itself.
  mkdirSync(join(folder, 'dist', platform), { recursive: true })
  mkdirSync(join(folder, 'lib'), { recursive: true })
  await bundle(folder)
  copyFileSync(dawn, join(folder, 'dist', platform, 'dawn.node'))
  copyFileSync(process.execPath, join(folder, 'node'))
  copyFileSync(join(root, 'bench/trainGpu/populationInPytorch.py'), join(folder, 'populationInPytorch.py'))
  const loader = await vulkanLoader()
  if (loader === null) console.warn('No libvulkan.so.1 here to take along: the GPU machine must have one.')
  else copyFileSync(loader, join(folder, 'lib/libvulkan.so.1'))
  writeFileSync(join(folder, 'run.sh'), RUN)
  for (const name of ['run.sh', 'node']) chmodSync(join(folder, name), 0o755)
  const archive = `${folder}.tar.xz`
  process.env['XZ_OPT'] ??= '-1'
  await execute('tar', ['-cJf', archive, '-C', join(folder, '..'), folder.slice(folder.lastIndexOf('/') + 1)])
  console.log(`${folder}: ./run.sh measures. The same as one file: ${archive}`)
}

/** Bundles the benchmark and all that it imports into one module; esbuild takes the entry from its input. */
async function bundle(folder: string): Promise<void> {
  const esbuild = execute(
    join(root, 'node_modules/.bin/esbuild'),
    [
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--target=node20',
      '--loader=ts',
      '--log-level=warning',
      '--sourcefile=bench/gpuBundleEntry.ts',
      `--outfile=${join(folder, 'bench.mjs')}`,
      // Modules of the old kind inside a new one ask for `require`.
      "--banner:js=import { createRequire as bannerRequire } from 'node:module'; const require = bannerRequire(import.meta.url);",
    ],
    { cwd: join(root, 'bench') },
  )
  esbuild.child.stdin?.end(ENTRY)
  const { stderr } = await esbuild
  if (stderr !== '') console.warn(stderr)
}

async function vulkanLoader(): Promise<string | null> {
  const { stdout } = await execute('/sbin/ldconfig', ['-p']).catch(() => ({ stdout: '' }))
  return /libvulkan\.so\.1 .*=> (\S+)/.exec(stdout)?.[1] ?? null
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: npm run bench:gpu-bundle -- FOLDER')
  process.exit(2)
}
await makeBundle(resolve(folder))

import { type TreesKernel, treesKernel } from './treesKernel.ts'
import type { TreesLayout } from './treesMemory.ts'
import { doTask, type TaskViews, taskViews } from './treesTask.ts'

// Places in the control block. Numbers of tasks only grow, and wrap: a thread that wakes late finds no task of work
// that is done, so that nobody waits for a thread that sleeps.
const NEXT = 0
const END = 1
const DONE = 2
const BASE = 3
const KIND = 4

/** Threads that do the tasks of one training; this is the leading one's view of them. */
export type TreesCrew = {
  readonly memory: WebAssembly.Memory
  readonly layout: TreesLayout
  readonly views: TaskViews
  /** Does so many tasks, as the memory describes them, and returns when all are done. */
  run(kind: number, tasks: number): void
}

/** Leads a training from this thread; `assist`, where the others call it, lets them take part. */
export function leadCrew(memory: WebAssembly.Memory, layout: TreesLayout): TreesCrew {
  const kernel = treesKernel(memory)
  const views = taskViews(memory, layout)
  const control = controlOf(memory, layout)
  return {
    memory,
    layout,
    views,
    run(kind, tasks) {
      if (layout.threads === 1 || tasks === 1) {
        for (let task = 0; task < tasks; task++) doTask(kernel, layout, views, 0, kind, task)
        return
      }
      const base = Atomics.load(control, END)
      const end = (base + tasks) | 0
      Atomics.store(control, BASE, base)
      Atomics.store(control, KIND, kind)
      Atomics.store(control, END, end)
      Atomics.notify(control, END)
      work(kernel, layout, views, control, 0)
      for (let done = Atomics.load(control, DONE); done !== end; done = Atomics.load(control, DONE))
        Atomics.wait(control, DONE, done)
    },
  }
}

/** Takes tasks of a training that another thread leads, until this thread is ended. */
export function assist(memory: WebAssembly.Memory, layout: TreesLayout, thread: number): never {
  const kernel = treesKernel(memory)
  const views = taskViews(memory, layout)
  const control = controlOf(memory, layout)
  for (;;) {
    const end = Atomics.load(control, END)
    work(kernel, layout, views, control, thread)
    Atomics.wait(control, END, end)
  }
}

function controlOf(memory: WebAssembly.Memory, { controlAt }: TreesLayout): Int32Array {
  return new Int32Array(memory.buffer, controlAt, 16)
}

/** Does tasks until none is left to take. */
function work(
  kernel: TreesKernel,
  layout: TreesLayout,
  views: TaskViews,
  control: Int32Array,
  thread: number,
): void {
  for (;;) {
    const next = Atomics.load(control, NEXT)
    if (next === Atomics.load(control, END)) return
    if (Atomics.compareExchange(control, NEXT, next, (next + 1) | 0) !== next) continue
    // Whoever took a task sees the work that it belongs to: there is no other until it is done.
    const task = (next - Atomics.load(control, BASE)) | 0
    doTask(kernel, layout, views, thread, Atomics.load(control, KIND), task)
    const done = (Atomics.add(control, DONE, 1) + 1) | 0
    if (done === Atomics.load(control, END)) Atomics.notify(control, DONE)
  }
}

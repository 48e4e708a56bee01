/** How many numbers lie below a bound, and their sum. */
export type PartBelow = { readonly count: number; readonly sum: number }

const NONE = -1

/**
 * The last `length` numbers in order of size, with counts and sums of the smaller ones: a treap (Seidel and
 * Aragon, "Randomized Search Trees", 1996) whose priorities are a fixed hash of the places. Every sum is that
 * of its subtree, made anew when the subtree changes, so nothing of what has left remains in it. O(log length).
 */
export class OrderedSums {
  private readonly length: number
  private readonly values: Float64Array
  private readonly sums: Float64Array
  private readonly counts: Int32Array
  private readonly left: Int32Array
  private readonly right: Int32Array
  private root = NONE
  private size = 0
  private next = 0

  constructor(length: number) {
    this.length = length
    this.values = new Float64Array(length)
    this.sums = new Float64Array(length)
    this.counts = new Int32Array(length)
    this.left = new Int32Array(length).fill(NONE)
    this.right = new Int32Array(length).fill(NONE)
  }

  /** Adds a number; returns true once there are `length` of them. */
  add(value: number): boolean {
    const place = this.next
    this.next = (place + 1) % this.length
    if (this.size === this.length) this.root = this.without(this.root, place)
    else this.size += 1
    this.values[place] = value
    this.left[place] = NONE
    this.right[place] = NONE
    this.renew(place)
    this.root = this.inserted(this.root, place)
    return this.size === this.length
  }

  get sum(): number {
    return this.sumOf(this.root)
  }

  /** The numbers below a bound. */
  below(bound: number): PartBelow {
    let count = 0
    let sum = 0
    let node = this.root
    while (node !== NONE) {
      if ((this.values[node] ?? 0) >= bound) {
        node = this.left[node] ?? NONE
        continue
      }
      const left = this.left[node] ?? NONE
      count += this.countOf(left) + 1
      sum += this.sumOf(left) + (this.values[node] ?? 0)
      node = this.right[node] ?? NONE
    }
    return { count, sum }
  }

  get capacity(): number {
    return 5 * this.length
  }

  private inserted(node: number, place: number): number {
    if (node === NONE) return place
    if (priority(place) > priority(node)) {
      this.split(node, place)
      this.renew(place)
      return place
    }
    const side = this.precedes(place, node) ? this.left : this.right
    side[node] = this.inserted(side[node] ?? NONE, place)
    this.renew(node)
    return node
  }

  /** Hangs what precedes a place to its left, and the rest to its right. */
  private split(node: number, place: number): void {
    if (node === NONE) {
      this.left[place] = NONE
      this.right[place] = NONE
      return
    }
    const precedes = this.precedes(node, place)
    this.split((precedes ? this.right[node] : this.left[node]) ?? NONE, place)
    if (precedes) {
      this.right[node] = this.left[place] ?? NONE
      this.left[place] = node
    } else {
      this.left[node] = this.right[place] ?? NONE
      this.right[place] = node
    }
    this.renew(node)
  }

  private without(node: number, place: number): number {
    if (node === NONE) return NONE
    if (node === place) return this.merged(this.left[node] ?? NONE, this.right[node] ?? NONE)
    const side = this.precedes(place, node) ? this.left : this.right
    side[node] = this.without(side[node] ?? NONE, place)
    this.renew(node)
    return node
  }

  private merged(low: number, high: number): number {
    if (low === NONE) return high
    if (high === NONE) return low
    if (priority(low) > priority(high)) {
      this.right[low] = this.merged(this.right[low] ?? NONE, high)
      this.renew(low)
      return low
    }
    this.left[high] = this.merged(low, this.left[high] ?? NONE)
    this.renew(high)
    return high
  }

  private renew(node: number): void {
    const left = this.left[node] ?? NONE
    const right = this.right[node] ?? NONE
    this.counts[node] = this.countOf(left) + 1 + this.countOf(right)
    this.sums[node] = this.sumOf(left) + (this.values[node] ?? 0) + this.sumOf(right)
  }

  // Equal numbers are told apart by their places, so that each can be found again.
  private precedes(a: number, b: number): boolean {
    const x = this.values[a] ?? 0
    const y = this.values[b] ?? 0
    return x < y || (x === y && a < b)
  }

  private countOf(node: number): number {
    return node === NONE ? 0 : (this.counts[node] ?? 0)
  }

  private sumOf(node: number): number {
    return node === NONE ? 0 : (this.sums[node] ?? 0)
  }
}

/** A mix of a place (MurmurHash3's finaliser), which decides how high it stands in the tree. */
function priority(place: number): number {
  let mixed = Math.imul(place + 1, 0x9e3779b9)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

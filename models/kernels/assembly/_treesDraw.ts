/** A number that row and key decide, evenly among all of 32 bits (the finaliser of MurmurHash3). */
@inline export function drawOf(row: u32, key: u32): u32 {
  let mixed = row * 0x9e3779b1 + key
  mixed = (mixed ^ (mixed >> 16)) * 0x85ebca6b
  mixed = (mixed ^ (mixed >> 13)) * 0xc2b2ae35
  return mixed ^ (mixed >> 16)
}

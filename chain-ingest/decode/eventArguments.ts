import type { Hex } from '../../core/index.ts'

/** Bits of the integers that decode to a number; wider ones decode to a bigint (viem's convention). */
type NumberBits = '8' | '16' | '24' | '32' | '40' | '48'

/** The TypeScript type of a static Solidity type. */
export type StaticValue<Type extends string> = Type extends 'address' | 'bytes32'
  ? Hex
  : Type extends 'bool'
    ? boolean
    : Type extends `uint${infer Bits}`
      ? IntegerValue<Bits>
      : Type extends `int${infer Bits}`
        ? IntegerValue<Bits>
        : never
type IntegerValue<Bits extends string> = Bits extends NumberBits ? number : bigint

type Trim<Text extends string> = Text extends ` ${infer Rest}`
  ? Trim<Rest>
  : Text extends `${infer Rest} `
    ? Trim<Rest>
    : Text

type Argument<Parameter extends string> = Parameter extends `${infer Type} indexed ${infer Name}`
  ? { readonly [Key in Trim<Name>]: StaticValue<Type> }
  : Parameter extends `${infer Type} ${infer Name}`
    ? { readonly [Key in Trim<Name>]: StaticValue<Type> }
    : unknown

type Arguments<Parameters extends string> = Parameters extends `${infer First},${infer Rest}`
  ? Argument<Trim<First>> & Arguments<Rest>
  : Argument<Trim<Parameters>>

/** The decoded arguments of an event, by name, read from its signature at compile time. */
export type EventArguments<Signature extends string> = Signature extends `${string}(${infer Parameters})`
  ? Arguments<Parameters>
  : never

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Abi, type Hex, keccak256, toHex, zeroAddress } from 'viem'
import type { LocalChain } from './localChain.ts'

/** Gas of whole transactions of the Ethereum Attestation Service 1.9.0; its attester has attested before. */
export type EasGas = { readonly attest: number; readonly multiAttest: number }

const SCHEMA = 'bytes32 leaf'

/** Measures an attestation that holds one leaf, alone and with others in one transaction. */
export async function measureEas(chain: LocalChain, artifacts: string, together: number): Promise<EasGas> {
  const registry = readArtifact(artifacts, 'SchemaRegistry')
  const eas = readArtifact(artifacts, 'EAS')
  const registryAddress = await chain.deploy(registry.abi, registry.bytecode)
  const address = await chain.deploy(eas.abi, eas.bytecode, [registryAddress])
  await chain.gasOf(registryAddress, registry.abi, 'register', [SCHEMA, zeroAddress, false])
  // The schema's id: keccak256(abi.encodePacked(schema, resolver, revocable)).
  const schema = keccak256(`${toHex(SCHEMA)}${zeroAddress.slice(2)}00`)
  const attestation = (number: number) => ({
    recipient: zeroAddress,
    expirationTime: 0n,
    revocable: false,
    refUID: `0x${'0'.repeat(64)}`,
    data: keccak256(toHex(number)),
    value: 0n,
  })
  await chain.gasOf(address, eas.abi, 'attest', [{ schema, data: attestation(0) }])
  const attest = await chain.gasOf(address, eas.abi, 'attest', [{ schema, data: attestation(1) }])
  const data = Array.from({ length: together }, (_, index) => attestation(2 + index))
  const multiAttest = await chain.gasOf(address, eas.abi, 'multiAttest', [[{ schema, data }]])
  return { attest, multiAttest }
}

function readArtifact(artifacts: string, name: string): { abi: Abi; bytecode: Hex } {
  return JSON.parse(readFileSync(join(artifacts, 'contracts', `${name}.sol`, `${name}.json`), 'utf8'))
}

import type { LocalAccount } from 'viem'
import { createSigner } from './createSigner.ts'

/** Who pays for a deployment, or another transaction. */
export type Deployer = { readonly account: LocalAccount } | { readonly privateKey: string }

/**
 * The account that pays.
 *
 * @throws InvalidInputError when the private key has the wrong form.
 */
export function accountOf(deployer: Deployer): LocalAccount {
  return 'account' in deployer ? deployer.account : createSigner(deployer.privateKey).account
}

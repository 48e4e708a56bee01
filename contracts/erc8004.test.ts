import { type Abi, type AbiEvent, type AbiFunction, toEventSelector, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import * as abi from './abi/index.ts'

// The signatures as ERC-8004 prints them, https://eips.ethereum.org/EIPS/eip-8004, with `MetadataEntry` as the tuple
// that it is. What ERC-721 asks for comes with OpenZeppelin's contract.
const STANDARD = {
  identityRegistry: {
    abi: abi.identityRegistryAbi,
    functions: [
      'function register(string agentURI, (string metadataKey, bytes metadataValue)[] metadata) external returns (uint256 agentId)',
      'function register(string agentURI) external returns (uint256 agentId)',
      'function register() external returns (uint256 agentId)',
      'function setAgentURI(uint256 agentId, string newURI) external',
      'function getMetadata(uint256 agentId, string metadataKey) external view returns (bytes)',
      'function setMetadata(uint256 agentId, string metadataKey, bytes metadataValue) external',
      'function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes signature) external',
      'function getAgentWallet(uint256 agentId) external view returns (address)',
      'function unsetAgentWallet(uint256 agentId) external',
      'function tokenURI(uint256 tokenId) external view returns (string)',
      'function ownerOf(uint256 tokenId) external view returns (address)',
      'function isApprovedForAll(address owner, address operator) external view returns (bool)',
      'function getApproved(uint256 tokenId) external view returns (address)',
    ],
    events: [
      'event Registered(uint256 indexed agentId, string agentURI, address indexed owner)',
      'event MetadataSet(uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue)',
      'event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy)',
      'event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)',
    ],
  },
  validationRegistry: {
    abi: abi.validationRegistryAbi,
    functions: [
      'function getIdentityRegistry() external view returns (address identityRegistry)',
      'function validationRequest(address validatorAddress, uint256 agentId, string requestURI, bytes32 requestHash) external',
      'function validationResponse(bytes32 requestHash, uint8 response, string responseURI, bytes32 responseHash, string tag) external',
      'function getValidationStatus(bytes32 requestHash) external view returns (address validatorAddress, uint256 agentId, uint8 response, bytes32 responseHash, string tag, uint256 lastUpdate)',
      'function getSummary(uint256 agentId, address[] validatorAddresses, string tag) external view returns (uint64 count, uint8 averageResponse)',
      'function getAgentValidations(uint256 agentId) external view returns (bytes32[] requestHashes)',
      'function getValidatorRequests(address validatorAddress) external view returns (bytes32[] requestHashes)',
    ],
    events: [
      'event ValidationRequest(address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash)',
      'event ValidationResponse(address indexed validatorAddress, uint256 indexed agentId, bytes32 indexed requestHash, uint8 response, string responseURI, bytes32 responseHash, string tag)',
    ],
  },
} as const

describe.each(Object.entries(STANDARD))('the %s of ERC-8004', (_name, contract) => {
  const items: Abi = contract.abi
  const functions = items.filter((item): item is AbiFunction => item.type === 'function')
  const events = items.filter((item): item is AbiEvent => item.type === 'event')

  test.each(contract.functions)('%s', signature => {
    const selector = toFunctionSelector(signature)
    const found = functions.find(item => toFunctionSelector(item) === selector)
    expect(found?.stateMutability).toBe(signature.includes(' view ') ? 'view' : 'nonpayable')
    const returned = /returns \((.*)\)$/.exec(signature)?.[1] ?? ''
    expect(found?.outputs.map(({ type }) => type).join(', ')).toBe(
      returned.replaceAll(/(\w+(?:\[\])?)(?: \w+)?/g, '$1'),
    )
  })

  test.each(contract.events)('%s', signature => {
    const topic = toEventSelector(signature)
    const found = events.find(item => toEventSelector(item) === topic)
    expect(found?.inputs.map(({ name, indexed }) => `${name} ${indexed}`)).toEqual(
      (/\((.*)\)/.exec(signature)?.[1] ?? '').split(', ').map(parameter => {
        return `${parameter.split(' ').at(-1)} ${parameter.includes(' indexed ')}`
      }),
    )
  })
})

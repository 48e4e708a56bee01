// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The identity registry of ERC-8004, "Trustless Agents"
/// @notice An ERC-721 registry: each token is an agent's identity, its token URI leads to the agent's
/// registration file, and its owner or operators manage it. Signatures and events are those of the standard,
/// https://eips.ethereum.org/EIPS/eip-8004; what it leaves open follows its authors' contracts.
/// @dev The key `agentWallet` is reserved: it holds the 20 bytes of the address that acts for the agent, which
/// is the owner at first, changes only with the new wallet's consent, and is cleared by a transfer.
interface IIdentityRegistry {
    /// @notice A piece of metadata that is set at registration.
    /// @param metadataKey Any key but `agentWallet`.
    /// @param metadataValue Any bytes.
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    /// @notice An agent was registered.
    /// @param agentId Token of the agent.
    /// @param agentURI Where its registration file is; may be empty.
    /// @param owner Owner of the token.
    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);

    /// @notice A piece of metadata of an agent was set or, with an empty value, cleared.
    /// @param agentId Token of the agent.
    /// @param indexedMetadataKey The key, hashed, so that logs can be filtered by it.
    /// @param metadataKey The key.
    /// @param metadataValue The new value.
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );

    /// @notice The registration file of an agent moved.
    /// @param agentId Token of the agent.
    /// @param newURI Where the file is from now on.
    /// @param updatedBy Owner or operator who said so.
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);

    /// @notice Thrown when metadata is set under the key `agentWallet`.
    error ReservedMetadataKey();

    /// @notice Thrown when a wallet's consent has expired, or would be good for more than five minutes.
    /// @param deadline Last Unix time, in seconds, at which the consent is good.
    error UnfitDeadline(uint256 deadline);

    /// @notice Thrown when a wallet has not signed its consent.
    /// @param newWallet The wallet.
    error WalletDisagrees(address newWallet);

    /// @notice Registers an agent for the sender, without a registration file.
    /// @return agentId Token of the agent; they are numbered from 0.
    function register() external returns (uint256 agentId);

    /// @notice Registers an agent for the sender.
    /// @param agentURI Where its registration file is.
    /// @return agentId Token of the agent.
    function register(string calldata agentURI) external returns (uint256 agentId);

    /// @notice Registers an agent for the sender, with metadata.
    /// @param agentURI Where its registration file is.
    /// @param metadata What to set besides.
    /// @return agentId Token of the agent.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata)
        external
        returns (uint256 agentId);

    /// @notice Says where an agent's registration file is from now on. For its owner and operators.
    /// @param agentId Token of the agent.
    /// @param newURI Where the file is.
    function setAgentURI(uint256 agentId, string calldata newURI) external;

    /// @notice Returns a piece of metadata; empty where it was never set.
    /// @param agentId Token of the agent.
    /// @param metadataKey The key.
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory);

    /// @notice Sets a piece of metadata. For the agent's owner and operators.
    /// @param agentId Token of the agent.
    /// @param metadataKey Any key but `agentWallet`.
    /// @param metadataValue Any bytes.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external;

    /// @notice Makes an address the agent's wallet, with its consent. For the agent's owner and operators.
    /// @dev The consent is a signature of the wallet, as a key or by ERC-1271, over the EIP-712 struct
    /// `AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)` in the domain of name
    /// "ERC8004IdentityRegistry", version "1", this chain and this contract.
    /// @param agentId Token of the agent.
    /// @param newWallet The wallet.
    /// @param deadline Last Unix time, in seconds, at which the consent is good: at most 300 s ahead.
    /// @param signature The wallet's consent.
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature)
        external;

    /// @notice Returns the agent's wallet; zero where it was cleared.
    /// @param agentId Token of the agent.
    function getAgentWallet(uint256 agentId) external view returns (address);

    /// @notice Clears the agent's wallet. For its owner and operators.
    /// @param agentId Token of the agent.
    function unsetAgentWallet(uint256 agentId) external;
}

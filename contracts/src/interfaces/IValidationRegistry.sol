// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The validation registry of ERC-8004, "Trustless Agents"
/// @notice An agent's owner asks a validator to check its work; the validator answers with a number from 0, it
/// failed, to 100, it passed, and may answer again. An audit of an agent's decisions is such an answer.
/// Signatures and events are those of the standard, https://eips.ethereum.org/EIPS/eip-8004.
/// @dev A request is named by its hash alone, so whoever uses a hash first has it: hash something that nobody
/// else can know before, or that names the agent and the validator.
interface IValidationRegistry {
    /// @notice The work of an agent is to be checked.
    /// @param validatorAddress Who is asked.
    /// @param agentId Token of the agent in the identity registry.
    /// @param requestURI What the validator needs for it.
    /// @param requestHash keccak256 of what is at the URI; names the request.
    event ValidationRequest(
        address indexed validatorAddress,
        uint256 indexed agentId,
        string requestURI,
        bytes32 indexed requestHash
    );

    /// @notice A validator answered.
    /// @param validatorAddress Who answered.
    /// @param agentId Token of the agent in the identity registry.
    /// @param requestHash Names the request.
    /// @param response From 0, failed, to 100, passed.
    /// @param responseURI Evidence; may be empty.
    /// @param responseHash keccak256 of what is at the URI; may be zero.
    /// @param tag Any word that sorts answers; may be empty.
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    /// @notice Thrown when anybody but the agent's owner and operators asks for a validation.
    /// @param caller Who asked.
    error NotOwnerOrOperator(address caller);

    /// @notice Thrown when a request names nobody as validator.
    error NoValidator();

    /// @notice Thrown when a hash names a request already.
    /// @param requestHash The hash.
    error RequestExists(bytes32 requestHash);

    /// @notice Thrown when a hash names no request.
    /// @param requestHash The hash.
    error UnknownRequest(bytes32 requestHash);

    /// @notice Thrown when anybody but the validator of a request answers it.
    /// @param caller Who answered.
    error NotTheValidator(address caller);

    /// @notice Thrown when an answer is above 100.
    /// @param response The answer.
    error ResponseAbove100(uint8 response);

    /// @notice Asks a validator to check an agent's work. For the agent's owner and operators.
    /// @param validatorAddress Who is asked.
    /// @param agentId Token of the agent in the identity registry.
    /// @param requestURI What the validator needs for it.
    /// @param requestHash keccak256 of what is at the URI; names the request.
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external;

    /// @notice Answers a request, or answers it again. For the request's validator.
    /// @param requestHash Names the request.
    /// @param response From 0, failed, to 100, passed.
    /// @param responseURI Evidence; may be empty.
    /// @param responseHash keccak256 of what is at the URI; may be zero.
    /// @param tag Any word that sorts answers; may be empty.
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    /// @notice Returns the latest answer to a request; before the first, `response` is 0 and `lastUpdate` the
    /// time of the request.
    /// @param requestHash Names the request.
    /// @return validatorAddress Who is asked.
    /// @return agentId Token of the agent.
    /// @return response From 0 to 100.
    /// @return responseHash keccak256 of the evidence, or zero.
    /// @return tag The answer's tag.
    /// @return lastUpdate Unix time, in seconds, of the request or its latest answer.
    function getValidationStatus(bytes32 requestHash)
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        );

    /// @notice Returns how many requests of an agent were answered, and the mean of the latest answers, rounded
    /// down.
    /// @param agentId Token of the agent.
    /// @param validatorAddresses Whose answers count; everybody's when empty.
    /// @param tag Which tag counts; every one when empty.
    /// @return count Requests answered.
    /// @return averageResponse Mean answer; 0 when none counts.
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 averageResponse);

    /// @notice Returns the hashes of every request about an agent, oldest first.
    /// @param agentId Token of the agent.
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory requestHashes);

    /// @notice Returns the hashes of every request to a validator, oldest first.
    /// @param validatorAddress Who is asked.
    function getValidatorRequests(address validatorAddress)
        external
        view
        returns (bytes32[] memory requestHashes);

    /// @notice Returns the identity registry that the agents' tokens are in.
    function getIdentityRegistry() external view returns (address identityRegistry);
}

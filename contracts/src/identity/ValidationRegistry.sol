// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IValidationRegistry} from "../interfaces/IValidationRegistry.sol";

/// @title Answers of validators, for chains without the canonical registry; see `IValidationRegistry`
contract ValidationRegistry is IValidationRegistry {
    struct Validation {
        address validator;
        uint8 response;
        bool answered;
        uint64 updatedAt;
        uint256 agentId;
        bytes32 responseHash;
        string tag;
    }

    IERC721 private immutable _identities;
    mapping(bytes32 requestHash => Validation) private _validations;
    mapping(uint256 agentId => bytes32[]) private _ofAgent;
    mapping(address validator => bytes32[]) private _ofValidator;

    /// @param identityRegistry The ERC-8004 identity registry that the agents' tokens are in.
    constructor(IERC721 identityRegistry) {
        _identities = identityRegistry;
    }

    /// @inheritdoc IValidationRegistry
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        address owner = _identities.ownerOf(agentId);
        require(
            msg.sender == owner || _identities.isApprovedForAll(owner, msg.sender)
                || msg.sender == _identities.getApproved(agentId),
            NotOwnerOrOperator(msg.sender)
        );
        require(validatorAddress != address(0), NoValidator());
        Validation storage validation = _validations[requestHash];
        require(validation.validator == address(0), RequestExists(requestHash));

        validation.validator = validatorAddress;
        validation.updatedAt = uint64(block.timestamp);
        validation.agentId = agentId;
        _ofAgent[agentId].push(requestHash);
        _ofValidator[validatorAddress].push(requestHash);
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
    }

    /// @inheritdoc IValidationRegistry
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        Validation storage validation = _requested(requestHash);
        require(msg.sender == validation.validator, NotTheValidator(msg.sender));
        require(response <= 100, ResponseAbove100(response));

        validation.response = response;
        validation.answered = true;
        validation.updatedAt = uint64(block.timestamp);
        validation.responseHash = responseHash;
        validation.tag = tag;
        emit ValidationResponse(
            msg.sender, validation.agentId, requestHash, response, responseURI, responseHash, tag
        );
    }

    /// @inheritdoc IValidationRegistry
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
        )
    {
        Validation storage validation = _requested(requestHash);
        return (
            validation.validator,
            validation.agentId,
            validation.response,
            validation.responseHash,
            validation.tag,
            validation.updatedAt
        );
    }

    /// @inheritdoc IValidationRegistry
    function getSummary(uint256 agentId, address[] calldata validatorAddresses, string calldata tag)
        external
        view
        returns (uint64 count, uint8 averageResponse)
    {
        bytes32[] storage hashes = _ofAgent[agentId];
        uint256 total = 0;
        for (uint256 i = 0; i < hashes.length; ++i) {
            Validation storage validation = _validations[hashes[i]];
            if (!validation.answered || !_isAmong(validation.validator, validatorAddresses)) continue;
            if (bytes(tag).length > 0 && keccak256(bytes(tag)) != keccak256(bytes(validation.tag))) continue;
            total += validation.response;
            ++count;
        }
        if (count > 0) averageResponse = SafeCast.toUint8(total / count);
    }

    /// @inheritdoc IValidationRegistry
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory) {
        return _ofAgent[agentId];
    }

    /// @inheritdoc IValidationRegistry
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory) {
        return _ofValidator[validatorAddress];
    }

    /// @inheritdoc IValidationRegistry
    function getIdentityRegistry() external view returns (address) {
        return address(_identities);
    }

    function _requested(bytes32 requestHash) private view returns (Validation storage validation) {
        validation = _validations[requestHash];
        require(validation.validator != address(0), UnknownRequest(requestHash));
    }

    /// @dev Everybody is among none.
    function _isAmong(address validator, address[] calldata validators) private pure returns (bool) {
        for (uint256 i = 0; i < validators.length; ++i) {
            if (validators[i] == validator) return true;
        }
        return validators.length == 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token with the events of ERC-3643 and of Plume Arc, whose issuer may do anything
/// @dev For tests of what reads such tokens: rules of identity and compliance are left out.
contract PermissionedToken is ERC20 {
    event AddressFrozen(address indexed userAddress, bool indexed isFrozen, address indexed owner);
    event TokensFrozen(address indexed userAddress, uint256 amount);
    event TokensUnfrozen(address indexed userAddress, uint256 amount);
    event Paused(address userAddress);
    event Unpaused(address userAddress);
    event RecoverySuccess(address lostWallet, address newWallet, address investorOnchainID);
    event IdentityRegistryAdded(address indexed identityRegistry);
    event ComplianceAdded(address indexed compliance);
    event YieldDistributed(uint256 amount, address indexed token);

    bool public paused;
    address public identityRegistry;
    address public compliance;
    mapping(address wallet => uint256) public getFrozenTokens;

    constructor(string memory name, string memory symbol) ERC20(name, symbol) {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function pause() external {
        paused = true;
        emit Paused(msg.sender);
    }

    function unpause() external {
        paused = false;
        emit Unpaused(msg.sender);
    }

    function setAddressFrozen(address wallet, bool frozen) external {
        emit AddressFrozen(wallet, frozen, msg.sender);
    }

    function freezePartialTokens(address wallet, uint256 amount) external {
        getFrozenTokens[wallet] += amount;
        emit TokensFrozen(wallet, amount);
    }

    function unfreezePartialTokens(address wallet, uint256 amount) external {
        getFrozenTokens[wallet] -= amount;
        emit TokensUnfrozen(wallet, amount);
    }

    function recoveryAddress(address lostWallet, address newWallet, address onchainID) external {
        _transfer(lostWallet, newWallet, balanceOf(lostWallet));
        emit RecoverySuccess(lostWallet, newWallet, onchainID);
    }

    function setIdentityRegistry(address registry) external {
        identityRegistry = registry;
        emit IdentityRegistryAdded(registry);
    }

    function setCompliance(address rules) external {
        compliance = rules;
        emit ComplianceAdded(rules);
    }

    function distributeYield(uint256 amount, address token) external {
        emit YieldDistributed(amount, token);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev A token that burns one hundredth of each transfer between accounts.
contract FeeToken is ERC20("Fee", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(to, address(0), value / 100);
    }
}

/// @dev A token that calls whoever it moves, before and after, as ERC-777 does; here it calls into the stake.
contract CallingToken is ERC20("Calling", "CALL") {
    address public target;
    bytes public message;
    bytes public answer;
    bool public answered;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @dev The next transfer makes this call, as this token, and keeps what came of it.
    function callDuringTransfer(address target_, bytes calldata message_) external {
        (target, message, answered) = (target_, message_, false);
    }

    /// @dev Lets the stake take what this token itself holds, for nested calls.
    function approveFor(address spender) external {
        _approve(address(this), spender, type(uint256).max);
    }

    function _update(address from, address to, uint256 value) internal override {
        address callee = target;
        if (callee != address(0)) {
            target = address(0);
            (answered, answer) = callee.call(message);
        }
        super._update(from, to, value);
    }
}

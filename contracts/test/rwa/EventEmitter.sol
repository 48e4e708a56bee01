// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Emits events with arguments of dynamic types
contract EventEmitter {
    struct Leg {
        address token;
        uint256 amount;
    }

    event Noted(address indexed author, string indexed subject, string text, bytes4 tag);
    event Settled(uint64 indexed id, Leg[] legs, uint128[2] bounds, bytes proof);

    function note(string calldata subject, string calldata text, bytes4 tag) external {
        emit Noted(msg.sender, subject, text, tag);
    }

    function settle(uint64 id, Leg[] calldata legs, uint128[2] calldata bounds, bytes calldata proof)
        external
    {
        emit Settled(id, legs, bounds, proof);
    }
}

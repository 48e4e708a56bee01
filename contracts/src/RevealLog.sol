// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IRevealLog} from "./interfaces/IRevealLog.sol";

/// @title Where the keys of sealed decisions are made public; see `IRevealLog`
contract RevealLog is IRevealLog {
    /// @inheritdoc IRevealLog
    function reveal(address agent, uint64 revealAtMs, bytes32 key) external {
        _reveal(agent, revealAtMs, key);
    }

    /// @inheritdoc IRevealLog
    function revealMany(Reveal[] calldata reveals) external {
        require(reveals.length > 0, NothingToReveal());
        for (uint256 i = 0; i < reveals.length; ++i) {
            _reveal(reveals[i].agent, reveals[i].revealAtMs, reveals[i].key);
        }
    }

    function _reveal(address agent, uint64 revealAtMs, bytes32 key) private {
        uint64 nowMs = uint64(block.timestamp * 1000);
        require(nowMs >= revealAtMs, RevealTooEarly(revealAtMs, nowMs));
        emit Revealed(agent, revealAtMs, key);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Publishes a price as a Chainlink aggregator does
/// @dev For tests: anybody may publish.
contract PriceAggregator {
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    uint8 public immutable decimals;
    string public description;
    int256 public latestAnswer;
    uint256 public latestRound;

    constructor(uint8 decimals_, string memory description_) {
        decimals = decimals_;
        description = description_;
    }

    function publish(int256 answer) external {
        latestAnswer = answer;
        latestRound += 1;
        emit AnswerUpdated(answer, latestRound, block.timestamp);
    }
}

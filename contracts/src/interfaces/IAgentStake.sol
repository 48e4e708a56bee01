// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IDecisionLog} from "./IDecisionLog.sol";

/// @title What agents lose when they lie
/// @notice Tokens that stand behind an agent's decisions. Anybody may add to an agent's stake; the owner of the
/// stake may take it back, but only after a wait that is longer than the time in which a lie can be challenged,
/// and what waits can still be lost. When a lie is proved, all of the agent's stake is taken: a fixed share is
/// the challenger's, the rest is locked here for good, and the agent is marked for good: nothing can be staked
/// for it again.
/// @dev Why not everything to the challenger: who lies can challenge himself the moment before anybody else
/// does, and would get back all that he lost. Why never again: he could let a cheap stake pay for a lie, and
/// add a dear one after it. Nobody owns, upgrades or pauses this contract, and only the
/// `Challenge` that deployed it takes stakes. Take its address from there: anybody may deploy a contract of this code
/// that takes stakes at his word.
///
/// Amounts are in the token's smallest unit and count what arrived, so a token that takes a fee of transfers
/// is fine. A token that lowers balances by itself is not: the last to withdraw would find too little.
interface IAgentStake {
    /// @notice The stake of an agent got an owner.
    /// @param agent Address that names the agent in the decision log.
    /// @param owner Who may take the stake back.
    event StakeOwned(address indexed agent, address indexed owner);

    /// @notice A stake grew.
    /// @param agent Address that names the agent in the decision log.
    /// @param from Who paid.
    /// @param amount What arrived.
    event StakeAdded(address indexed agent, address indexed from, uint256 amount);

    /// @notice Part of a stake began to wait for its release.
    /// @param agent Address that names the agent in the decision log.
    /// @param amount What began to wait now.
    /// @param releaseAt Unix time, in seconds, at which everything that waits can be withdrawn.
    event UnbondingStarted(address indexed agent, uint256 amount, uint256 releaseAt);

    /// @notice What had waited was paid out.
    /// @param agent Address that names the agent in the decision log.
    /// @param to Who got it.
    /// @param amount What was sent.
    event StakeWithdrawn(address indexed agent, address indexed to, uint256 amount);

    /// @notice A lie was proved: the agent is marked and its stake is taken.
    /// @param agent Address that names the agent in the decision log.
    /// @param challenger Who proved it.
    /// @param amount What the agent lost, in all; 0 where nothing was staked.
    /// @param reward What of it the challenger may claim.
    event StakeSlashed(address indexed agent, address indexed challenger, uint256 amount, uint256 reward);

    /// @notice A reward was paid out.
    /// @param challenger Who had earned it.
    /// @param to Who got it.
    /// @param amount What was sent.
    event RewardClaimed(address indexed challenger, address indexed to, uint256 amount);

    /// @notice Thrown when the wait does not exceed the challenge window, or the share is none or above all.
    error InvalidConfiguration();

    /// @notice Thrown when anybody but the stake's owner disposes of it.
    /// @param caller Address that called.
    error NotStakeOwner(address caller);

    /// @notice Thrown when anybody but the `Challenge` takes a stake.
    /// @param caller Address that called.
    error NotTheChallenge(address caller);

    /// @notice Thrown when a stake that has an owner is to get one.
    /// @param agent Address that names the agent.
    error StakeHasOwner(address agent);

    /// @notice Thrown when something is added to a stake that nobody could take back, or given to nobody.
    error NoStakeOwner();

    /// @notice Thrown when something is added to the stake of an agent whose lie was proved.
    /// @param agent Address that names the agent.
    error AgentIsMarked(address agent);

    /// @notice Thrown when a stake's first owner is not named by the agent's current key.
    /// @param agent Address that names the agent.
    error NotSignedByAgent(address agent);

    /// @notice Thrown when more is to be unbonded than is staked.
    /// @param amount What was asked.
    /// @param staked What is staked and does not wait yet.
    error StakeExceeded(uint256 amount, uint256 staked);

    /// @notice Thrown when a withdrawal comes too soon.
    /// @param releaseAt First Unix time, in seconds, at which it is possible.
    error StillUnbonding(uint256 releaseAt);

    /// @notice Thrown when there is nothing to add, unbond, withdraw or claim.
    error NothingToMove();

    /// @notice Names the first owner of an agent's stake, once. Anybody may send it.
    /// @dev The signature is the agent's current key's, 65 bytes over the EIP-712 struct
    /// `StakeOwner(address agent,address owner)` in the domain of name "Touchstone", version "1", this chain and
    /// this contract. Once there is an owner the key has no say: who steals it cannot take the stake.
    /// @param agent Address that names the agent in the decision log.
    /// @param owner Who may take the stake back.
    /// @param signature The agent's consent.
    function nameOwner(address agent, address owner, bytes calldata signature) external;

    /// @notice Hands a stake to another owner. For its owner.
    /// @param agent Address that names the agent.
    /// @param owner The next owner.
    function passOwnership(address agent, address owner) external;

    /// @notice Adds to an agent's stake from the sender's allowance. Whoever adds gives it to the stake's owner.
    /// @param agent Address that names the agent.
    /// @param amount What to send.
    /// @return received What arrived.
    function addStake(address agent, uint256 amount) external returns (uint256 received);

    /// @notice Lets part of a stake wait for its release; whatever waits already waits anew. For its owner.
    /// @param agent Address that names the agent.
    /// @param amount What begins to wait.
    /// @return releaseAt Unix time, in seconds, at which everything that waits can be withdrawn.
    function startUnbonding(address agent, uint256 amount) external returns (uint256 releaseAt);

    /// @notice Pays out everything that has waited long enough. For the stake's owner.
    /// @param agent Address that names the agent.
    /// @param to Who gets it.
    /// @return amount What was sent.
    function withdraw(address agent, address to) external returns (uint256 amount);

    /// @notice Takes all of an agent's stake and marks the agent. For the `Challenge`.
    /// @dev Calls no other contract, so nothing that the token does can save a liar.
    /// @param agent Address that names the agent.
    /// @param challenger Who proved the lie.
    /// @return amount What the agent lost, in all.
    function slash(address agent, address challenger) external returns (uint256 amount);

    /// @notice Pays out what the sender has earned by challenges.
    /// @param to Who gets it.
    /// @return amount What was sent.
    function claimReward(address to) external returns (uint256 amount);

    /// @notice Returns what stands behind an agent. All of it can be lost.
    /// @param agent Address that names the agent.
    /// @return staked What does not wait for its release.
    /// @return unbonding What waits.
    /// @return releaseAt Unix time, in seconds, from which what waits can be withdrawn; 0 where nothing does.
    function stakeOf(address agent)
        external
        view
        returns (uint256 staked, uint256 unbonding, uint256 releaseAt);

    /// @notice Returns what a lie that an agent tells now is sure to cost for as long as it can be challenged:
    /// the stake, without what may be withdrawn before the challenge window is over.
    /// @param agent Address that names the agent.
    function coverOf(address agent) external view returns (uint256);

    /// @notice Returns who may take an agent's stake back; zero before one was named.
    /// @param agent Address that names the agent.
    function ownerOf(address agent) external view returns (address);

    /// @notice Tells whether a lie of an agent was ever proved.
    /// @param agent Address that names the agent.
    function isMarked(address agent) external view returns (bool);

    /// @notice Returns what somebody has earned by challenges and not claimed yet.
    /// @param challenger Who proved lies.
    function rewardOf(address challenger) external view returns (uint256);

    /// @notice Returns what was taken from agents and given to nobody.
    function locked() external view returns (uint256);

    /// @notice The log that knows the agents' keys.
    function log() external view returns (IDecisionLog);

    /// @notice The token that is staked.
    function token() external view returns (IERC20);

    /// @notice The contract that judges challenges.
    function challenge() external view returns (address);

    /// @notice How long after a lie a stake is sure to be there for it, in seconds.
    function challengeWindowSeconds() external view returns (uint64);

    /// @notice How long stake waits for its release, in seconds; longer than the challenge window.
    function unbondingSeconds() external view returns (uint64);

    /// @notice Share of a lost stake that is the challenger's, in millionths.
    function rewardSharePpm() external view returns (uint32);
}

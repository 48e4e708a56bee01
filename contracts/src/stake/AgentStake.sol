// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAgentStake} from "../interfaces/IAgentStake.sol";
import {IDecisionLog} from "../interfaces/IDecisionLog.sol";

/// @title What agents lose when they lie; see `IAgentStake`
contract AgentStake is IAgentStake, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    struct Stake {
        address owner;
        uint64 releaseAt;
        bool marked;
        uint256 staked;
        uint256 unbonding;
    }

    bytes32 private constant STAKE_OWNER = keccak256("StakeOwner(address agent,address owner)");
    uint256 private constant PPM = 1_000_000;

    /// @inheritdoc IAgentStake
    IDecisionLog public immutable log;
    /// @inheritdoc IAgentStake
    IERC20 public immutable token;
    /// @inheritdoc IAgentStake
    address public immutable challenge;
    /// @inheritdoc IAgentStake
    uint64 public immutable challengeWindowSeconds;
    /// @inheritdoc IAgentStake
    uint64 public immutable unbondingSeconds;
    /// @inheritdoc IAgentStake
    uint32 public immutable rewardSharePpm;
    /// @inheritdoc IAgentStake
    uint256 public locked;
    /// @inheritdoc IAgentStake
    mapping(address challenger => uint256) public rewardOf;

    mapping(address agent => Stake) private _stakes;

    modifier onlyOwnerOf(address agent) {
        require(msg.sender == _stakes[agent].owner, NotStakeOwner(msg.sender));
        _;
    }

    /// @dev Deployed by the `Challenge`, which is so the one that may take stakes.
    constructor(
        IDecisionLog log_,
        IERC20 token_,
        uint64 challengeWindowSeconds_,
        uint64 unbondingSeconds_,
        uint32 rewardSharePpm_
    ) EIP712("Touchstone", "1") {
        require(unbondingSeconds_ > challengeWindowSeconds_, InvalidConfiguration());
        require(rewardSharePpm_ > 0 && rewardSharePpm_ <= PPM, InvalidConfiguration());
        log = log_;
        token = token_;
        challenge = msg.sender;
        challengeWindowSeconds = challengeWindowSeconds_;
        unbondingSeconds = unbondingSeconds_;
        rewardSharePpm = rewardSharePpm_;
    }

    /// @inheritdoc IAgentStake
    function nameOwner(address agent, address owner, bytes calldata signature) external {
        require(_stakes[agent].owner == address(0), StakeHasOwner(agent));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(STAKE_OWNER, agent, owner)));
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        require(signer != address(0) && signer == log.keyOf(agent), NotSignedByAgent(agent));
        _setOwner(agent, owner);
    }

    /// @inheritdoc IAgentStake
    function passOwnership(address agent, address owner) external onlyOwnerOf(agent) {
        _setOwner(agent, owner);
    }

    /// @inheritdoc IAgentStake
    function addStake(address agent, uint256 amount) external nonReentrant returns (uint256 received) {
        Stake storage stake = _stakes[agent];
        require(stake.owner != address(0), NoStakeOwner());
        require(!stake.marked, AgentIsMarked(agent));
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        received = token.balanceOf(address(this)) - before;
        require(received > 0, NothingToMove());
        stake.staked += received;
        emit StakeAdded(agent, msg.sender, received);
    }

    /// @inheritdoc IAgentStake
    function startUnbonding(address agent, uint256 amount)
        external
        onlyOwnerOf(agent)
        returns (uint256 releaseAt)
    {
        Stake storage stake = _stakes[agent];
        require(amount > 0, NothingToMove());
        require(amount <= stake.staked, StakeExceeded(amount, stake.staked));
        stake.staked -= amount;
        stake.unbonding += amount;
        stake.releaseAt = uint64(block.timestamp) + unbondingSeconds;
        releaseAt = stake.releaseAt;
        emit UnbondingStarted(agent, amount, releaseAt);
    }

    /// @inheritdoc IAgentStake
    function withdraw(address agent, address to)
        external
        nonReentrant
        onlyOwnerOf(agent)
        returns (uint256 amount)
    {
        Stake storage stake = _stakes[agent];
        amount = stake.unbonding;
        require(amount > 0, NothingToMove());
        require(block.timestamp >= stake.releaseAt, StillUnbonding(stake.releaseAt));
        stake.unbonding = 0;
        stake.releaseAt = 0;
        token.safeTransfer(to, amount);
        emit StakeWithdrawn(agent, to, amount);
    }

    /// @inheritdoc IAgentStake
    function slash(address agent, address challenger) external returns (uint256 amount) {
        require(msg.sender == challenge, NotTheChallenge(msg.sender));
        Stake storage stake = _stakes[agent];
        amount = stake.staked + stake.unbonding;
        stake.staked = 0;
        stake.unbonding = 0;
        stake.releaseAt = 0;
        stake.marked = true;

        uint256 reward = Math.mulDiv(amount, rewardSharePpm, PPM);
        rewardOf[challenger] += reward;
        locked += amount - reward;
        emit StakeSlashed(agent, challenger, amount, reward);
    }

    /// @inheritdoc IAgentStake
    function claimReward(address to) external nonReentrant returns (uint256 amount) {
        amount = rewardOf[msg.sender];
        require(amount > 0, NothingToMove());
        rewardOf[msg.sender] = 0;
        token.safeTransfer(to, amount);
        emit RewardClaimed(msg.sender, to, amount);
    }

    /// @inheritdoc IAgentStake
    function stakeOf(address agent)
        external
        view
        returns (uint256 staked, uint256 unbonding, uint256 releaseAt)
    {
        Stake storage stake = _stakes[agent];
        return (stake.staked, stake.unbonding, stake.releaseAt);
    }

    /// @inheritdoc IAgentStake
    function coverOf(address agent) external view returns (uint256) {
        Stake storage stake = _stakes[agent];
        bool waitsLongEnough = stake.releaseAt >= block.timestamp + challengeWindowSeconds;
        return waitsLongEnough ? stake.staked + stake.unbonding : stake.staked;
    }

    /// @inheritdoc IAgentStake
    function ownerOf(address agent) external view returns (address) {
        return _stakes[agent].owner;
    }

    /// @inheritdoc IAgentStake
    function isMarked(address agent) external view returns (bool) {
        return _stakes[agent].marked;
    }

    function _setOwner(address agent, address owner) private {
        require(owner != address(0), NoStakeOwner());
        _stakes[agent].owner = owner;
        emit StakeOwned(agent, owner);
    }
}

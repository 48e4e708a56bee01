// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title An ERC-7540 vault that is asynchronous both ways and tells nobody when a request can be claimed
/// @dev For tests of what follows requests: it keeps amounts by request id and moves no token. Its share is a token
/// of its own (ERC-7575).
contract AsyncVault {
    event DepositRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 assets
    );
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );

    struct Request {
        uint256 pending;
        uint256 claimable;
    }

    address public immutable asset;
    address public immutable share;
    uint256 public totalAssets;
    mapping(uint256 requestId => mapping(address controller => Request)) private _deposits;
    mapping(uint256 requestId => mapping(address controller => Request)) private _redemptions;

    constructor(address asset_, address share_) {
        asset = asset_;
        share = share_;
    }

    function requestDeposit(uint256 requestId, uint256 assets, address controller) external {
        _deposits[requestId][controller].pending += assets;
        emit DepositRequest(controller, msg.sender, requestId, msg.sender, assets);
    }

    function requestRedeem(uint256 requestId, uint256 shares, address controller) external {
        _redemptions[requestId][controller].pending += shares;
        emit RedeemRequest(controller, msg.sender, requestId, msg.sender, shares);
    }

    /// @notice Makes a part of a request claimable, without an event.
    function fulfilDeposit(uint256 requestId, address controller, uint256 assets) external {
        _deposits[requestId][controller].pending -= assets;
        _deposits[requestId][controller].claimable += assets;
    }

    /// @notice Makes a part of a request claimable, without an event.
    function fulfilRedeem(uint256 requestId, address controller, uint256 shares) external {
        _redemptions[requestId][controller].pending -= shares;
        _redemptions[requestId][controller].claimable += shares;
    }

    function claimDeposit(uint256 requestId, uint256 assets, address receiver, address controller) external {
        _deposits[requestId][controller].claimable -= assets;
        totalAssets += assets;
        emit Deposit(controller, receiver, assets, assets);
    }

    function claimRedeem(uint256 requestId, uint256 shares, address receiver, address controller) external {
        _redemptions[requestId][controller].claimable -= shares;
        emit Withdraw(msg.sender, receiver, controller, shares, shares);
    }

    function pendingDepositRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _deposits[requestId][controller].pending;
    }

    function claimableDepositRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _deposits[requestId][controller].claimable;
    }

    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _redemptions[requestId][controller].pending;
    }

    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        return _redemptions[requestId][controller].claimable;
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The part of ERC-7540 that an operator of another's requests needs
interface IERC7540Operator {
    /// @notice A controller set whether an operator may act for it.
    event OperatorSet(address indexed controller, address indexed operator, bool approved);

    /// @notice Sets whether an operator may request and claim for the sender.
    function setOperator(address operator, bool approved) external returns (bool);

    /// @notice Tells whether an operator may act for a controller.
    function isOperator(address controller, address operator) external view returns (bool status);
}

/// @title Asynchronous redemption of ERC-7540
/// @notice A request is pending until the vault fulfils it, then claimable through ERC-4626's `redeem` and
/// `withdraw`, whose `owner` is then the request's controller.
interface IERC7540Redeem is IERC7540Operator {
    /// @notice An owner's shares were locked in a request to redeem them.
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );

    /// @notice Requests the redemption of shares and locks them.
    /// @param shares Shares to redeem.
    /// @param controller Address that may claim the assets.
    /// @param owner Address whose shares are locked; the sender, or one that approved it.
    /// @return requestId Always 0: the requests of one controller add up and are indistinguishable.
    function requestRedeem(uint256 shares, address controller, address owner)
        external
        returns (uint256 requestId);

    /// @notice Returns the shares of a controller that wait for fulfilment.
    function pendingRedeemRequest(uint256 requestId, address controller)
        external
        view
        returns (uint256 shares);

    /// @notice Returns the shares of a controller whose assets may be claimed.
    function claimableRedeemRequest(uint256 requestId, address controller)
        external
        view
        returns (uint256 shares);
}

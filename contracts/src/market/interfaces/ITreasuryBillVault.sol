// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IERC7540Redeem} from "./IERC7540Redeem.sol";

/// @title A vault of treasury bills whose share rate is published
/// @notice Deposits convert at the published rate at once; redemptions are requested, and convert at the rate
/// of their fulfilment. An accountant publishes the rate, within bounds of pace and size, and fulfils requests.
/// @dev The rate is the price of one whole share in the smallest units of the asset. It is a statement of the
/// accountant, not the assets held here: what the bills earn reaches the vault as transfers of the asset.
interface ITreasuryBillVault is IERC4626, IERC7540Redeem, IERC165 {
    /// @notice The accountant published a rate.
    /// @param oldRate Rate before; 0 at deployment.
    /// @param newRate Rate from now on.
    /// @param currentTime Unix time of the publication, in seconds.
    event ExchangeRateUpdated(uint96 oldRate, uint96 newRate, uint64 currentTime);

    /// @notice Pending shares of a controller became claimable.
    /// @param controller Address that may claim.
    /// @param shares Shares burned.
    /// @param assets Value of the shares at the rate of the fulfilment.
    /// @param actualAssets Assets that the controller may claim; equal to `assets`, as this vault takes no fee.
    event RedeemFulfilled(address indexed controller, uint256 shares, uint256 assets, uint256 actualAssets);

    /// @notice Thrown when anybody but the accountant publishes a rate or fulfils a request.
    /// @param caller Address that called.
    error NotAccountant(address caller);

    /// @notice Thrown when the vault is deployed without an accountant or a rate, or with a bound that is 0 % or
    /// at least 100 %.
    error InvalidConfiguration();

    /// @notice Thrown when a rate follows the last one too soon.
    /// @param earliest First Unix time, in seconds, at which a rate may be published.
    error RateTooSoon(uint256 earliest);

    /// @notice Thrown when a rate differs from the last one by more than the bound.
    /// @param oldRate Rate in force.
    /// @param newRate Rejected rate.
    /// @param maxChangeBps Largest change, in hundredths of a percent of the rate in force.
    error RateMovesTooFar(uint96 oldRate, uint96 newRate, uint16 maxChangeBps);

    /// @notice Thrown when a request or a fulfilment is for no shares.
    error NoShares();

    /// @notice Thrown when a fulfilment is for more shares than the controller has pending.
    error ExceedsPendingShares(address controller, uint256 shares, uint256 pending);

    /// @notice Thrown when a fulfilment needs more assets than the vault holds free.
    error InsufficientLiquidity(uint256 needed, uint256 available);

    /// @notice Thrown when a sender claims for a controller that has not made it its operator.
    error NotOperator(address controller, address caller);

    /// @notice Thrown by the previews of redemption, as ERC-7540 demands: its rate is not known beforehand.
    error RedemptionIsAsynchronous();

    /// @notice Returns the address that publishes rates and fulfils requests.
    function accountant() external view returns (address);

    /// @notice Returns the shortest time between two rates, in seconds.
    function minUpdateDelay() external view returns (uint64);

    /// @notice Returns the largest change between two rates, in hundredths of a percent.
    function maxChangeBps() external view returns (uint16);

    /// @notice Returns the price of one whole share in the smallest units of the asset, and its Unix time.
    function publishedRate() external view returns (uint96 rate, uint64 publishedAt);

    /// @notice Returns the assets that wait to be claimed; they back no shares any more.
    function claimableAssets() external view returns (uint256);

    /// @notice Returns the share token, which is the vault itself (ERC-7575).
    function share() external view returns (address);

    /// @notice Publishes the rate.
    /// @param newRate Price of one whole share in the smallest units of the asset.
    function publishRate(uint96 newRate) external;

    /// @notice Makes pending shares claimable at the rate in force; a part of them, if liquidity is short.
    /// @param controller Controller of the request.
    /// @param shares Shares to fulfil.
    /// @return assets Assets that the controller may claim for them.
    function fulfilRedeem(address controller, uint256 shares) external returns (uint256 assets);
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC7540Operator, IERC7540Redeem} from "./interfaces/IERC7540Redeem.sol";
import {ITreasuryBillVault} from "./interfaces/ITreasuryBillVault.sol";

/// @title A vault of treasury bills whose share rate is published; see `ITreasuryBillVault`
contract TreasuryBillVault is ERC4626, ITreasuryBillVault {
    using Math for uint256;

    struct Redemption {
        uint256 pendingShares;
        uint256 claimableShares;
        uint256 claimableAssets;
    }

    uint256 private constant BPS = 10_000;
    bytes4 private constant ERC7575_ID = 0x2f0a18c5;

    /// @inheritdoc ITreasuryBillVault
    address public immutable accountant;
    /// @inheritdoc ITreasuryBillVault
    uint64 public immutable minUpdateDelay;
    /// @inheritdoc ITreasuryBillVault
    uint16 public immutable maxChangeBps;
    /// @inheritdoc ITreasuryBillVault
    uint256 public claimableAssets;
    /// @inheritdoc IERC7540Operator
    mapping(address controller => mapping(address operator => bool)) public isOperator;

    uint96 private _rate;
    uint64 private _publishedAt;
    mapping(address controller => Redemption) private _redemptions;

    modifier onlyAccountant() {
        require(msg.sender == accountant, NotAccountant(msg.sender));
        _;
    }

    constructor(
        IERC20 asset_,
        string memory name,
        string memory symbol,
        address accountant_,
        uint96 initialRate,
        uint64 minUpdateDelay_,
        uint16 maxChangeBps_
    ) ERC20(name, symbol) ERC4626(asset_) {
        require(accountant_ != address(0) && initialRate > 0, InvalidConfiguration());
        // Below 100 %, so that a rate can never be published as 0, at which nothing converts.
        require(maxChangeBps_ > 0 && maxChangeBps_ < BPS, InvalidConfiguration());
        accountant = accountant_;
        minUpdateDelay = minUpdateDelay_;
        maxChangeBps = maxChangeBps_;
        _setRate(initialRate);
    }

    /// @inheritdoc ITreasuryBillVault
    function publishRate(uint96 newRate) external onlyAccountant {
        uint256 earliest = uint256(_publishedAt) + minUpdateDelay;
        require(block.timestamp >= earliest, RateTooSoon(earliest));
        uint96 oldRate = _rate;
        uint256 change = newRate > oldRate ? newRate - oldRate : oldRate - newRate;
        require(
            change * BPS <= uint256(oldRate) * maxChangeBps, RateMovesTooFar(oldRate, newRate, maxChangeBps)
        );
        _setRate(newRate);
    }

    /// @inheritdoc ITreasuryBillVault
    function fulfilRedeem(address controller, uint256 shares)
        external
        onlyAccountant
        returns (uint256 assets)
    {
        require(shares > 0, NoShares());
        Redemption storage redemption = _redemptions[controller];
        uint256 pending = redemption.pendingShares;
        require(shares <= pending, ExceedsPendingShares(controller, shares, pending));
        assets = convertToAssets(shares);
        uint256 available = IERC20(asset()).balanceOf(address(this)) - claimableAssets;
        require(assets <= available, InsufficientLiquidity(assets, available));

        redemption.pendingShares = pending - shares;
        redemption.claimableShares += shares;
        redemption.claimableAssets += assets;
        claimableAssets += assets;
        _burn(address(this), shares);
        emit RedeemFulfilled(controller, shares, assets, assets);
    }

    /// @inheritdoc IERC7540Redeem
    function requestRedeem(uint256 shares, address controller, address owner)
        external
        returns (uint256 requestId)
    {
        require(shares > 0, NoShares());
        if (msg.sender != owner && !isOperator[owner][msg.sender]) {
            _spendAllowance(owner, msg.sender, shares);
        }
        _transfer(owner, address(this), shares);
        _redemptions[controller].pendingShares += shares;
        emit RedeemRequest(controller, owner, 0, msg.sender, shares);
        return 0;
    }

    /// @inheritdoc IERC7540Operator
    function setOperator(address operator, bool approved) external returns (bool) {
        isOperator[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @inheritdoc IERC4626
    /// @dev Claims: `controller` takes the place of ERC-4626's owner. The last share takes what rounding left.
    function redeem(uint256 shares, address receiver, address controller)
        public
        override(ERC4626, IERC4626)
        returns (uint256 assets)
    {
        uint256 maximum = maxRedeem(controller);
        require(shares <= maximum, ERC4626ExceededMaxRedeem(controller, shares, maximum));
        if (shares > 0) assets = _redemptions[controller].claimableAssets.mulDiv(shares, maximum);
        _claim(receiver, controller, assets, shares);
    }

    /// @inheritdoc IERC4626
    /// @dev Claims: `controller` takes the place of ERC-4626's owner.
    function withdraw(uint256 assets, address receiver, address controller)
        public
        override(ERC4626, IERC4626)
        returns (uint256 shares)
    {
        uint256 maximum = maxWithdraw(controller);
        require(assets <= maximum, ERC4626ExceededMaxWithdraw(controller, assets, maximum));
        if (assets > 0) {
            shares = _redemptions[controller].claimableShares.mulDiv(assets, maximum, Math.Rounding.Ceil);
        }
        _claim(receiver, controller, assets, shares);
    }

    /// @inheritdoc ITreasuryBillVault
    function publishedRate() external view returns (uint96 rate, uint64 publishedAt) {
        return (_rate, _publishedAt);
    }

    /// @inheritdoc IERC7540Redeem
    function pendingRedeemRequest(uint256, address controller) external view returns (uint256 shares) {
        return _redemptions[controller].pendingShares;
    }

    /// @inheritdoc IERC7540Redeem
    function claimableRedeemRequest(uint256, address controller) external view returns (uint256 shares) {
        return _redemptions[controller].claimableShares;
    }

    /// @inheritdoc ITreasuryBillVault
    function share() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId || interfaceId == type(IERC7540Operator).interfaceId
            || interfaceId == type(IERC7540Redeem).interfaceId || interfaceId == ERC7575_ID;
    }

    /// @inheritdoc IERC4626
    /// @dev The value of all shares at the published rate, pending ones included; not the balance of assets.
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return convertToAssets(totalSupply());
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address controller) public view override(ERC4626, IERC4626) returns (uint256) {
        return _redemptions[controller].claimableShares;
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address controller) public view override(ERC4626, IERC4626) returns (uint256) {
        return _redemptions[controller].claimableAssets;
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256) public pure override(ERC4626, IERC4626) returns (uint256) {
        revert RedemptionIsAsynchronous();
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256) public pure override(ERC4626, IERC4626) returns (uint256) {
        revert RedemptionIsAsynchronous();
    }

    function _setRate(uint96 newRate) private {
        emit ExchangeRateUpdated(_rate, newRate, uint64(block.timestamp));
        _rate = newRate;
        _publishedAt = uint64(block.timestamp);
    }

    function _claim(address receiver, address controller, uint256 assets, uint256 shares) private {
        require(
            msg.sender == controller || isOperator[controller][msg.sender],
            NotOperator(controller, msg.sender)
        );
        Redemption storage redemption = _redemptions[controller];
        redemption.claimableShares -= shares;
        redemption.claimableAssets -= assets;
        claimableAssets -= assets;
        _transferOut(receiver, assets);
        emit Withdraw(msg.sender, receiver, controller, assets, shares);
    }

    function _convertToShares(uint256 assets, Math.Rounding rounding)
        internal
        view
        override
        returns (uint256)
    {
        return assets.mulDiv(10 ** decimals(), _rate, rounding);
    }

    function _convertToAssets(uint256 shares, Math.Rounding rounding)
        internal
        view
        override
        returns (uint256)
    {
        return shares.mulDiv(_rate, 10 ** decimals(), rounding);
    }
}

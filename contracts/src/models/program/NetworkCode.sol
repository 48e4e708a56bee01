// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SignedMath} from "@openzeppelin/contracts/utils/math/SignedMath.sol";
import {CodeStore} from "./CodeStore.sol";
import {Cursor, ProgramBytes} from "./ProgramBytes.sol";
import {ScaledInputs} from "./ScaledInputs.sol";
import {WeightLanes} from "./WeightLanes.sol";

/// @dev How far a network is compiled.
struct NetworkProgress {
    uint16 columns;
    uint16 layers;
    /// @dev Outputs of the layer whose word is written.
    uint16 outputs;
    /// @dev Groups of the layer.
    uint16 groups;
    /// @dev Inputs of the layer.
    uint16 inputs;
    /// @dev What the layer's inputs are written with, added.
    uint16 added;
    uint16 oddColumns;
    /// @dev Bytes of the next group that are in earlier pages.
    uint32 written;
    /// @dev Where the layer begins in the program; 0 before the first.
    uint64 layerOffset;
}

/// @dev Memory for a page of a compiled network, as far as it is filled.
struct Page {
    uint256 place;
    uint256 capacity;
    uint256 size;
}

/// @dev Compiles a checked network into words that `NetworkRun` reads one after the other:
///
/// ```
/// for each column          the word of `ScaledInputs.constantsOf`; up to a multiple of 8, words of no column
/// for each layer           u8 1 where it is residual, u16 its multiplier, u8 its shift; u16 what is added to inputs,
///                          u16 to outputs; 32 bits nothing, u32 bytes of the words of outputs, u32 bytes of the
///                          weights of 8 outputs; u80 greatest less least output in 2^-48, and all bits behind it
///   for each output        i192 the half that rounds - 2^31 times the multiplier - the least output, u64 multiplier,
///                          both in 2^-48; a word of 0 makes them even
///   for each 8 outputs     8 times bias + 2^31 - what is added to inputs times the sum of weights, each times its
///                          lane's place; 0 for an output that is not there
///     for each 4 inputs    8 times 4 bytes: weights + 128, of the last input first; up to a multiple of 8 inputs
/// ```
///
/// Inputs and outputs are written less the least that they may be, so that most are not negative: what is added to
/// them is taken off again in the biases of the next layer.
// Casts lose nothing: numbers that were read from two bytes, or checked to fit.
// forge-lint: disable-next-item(unsafe-typecast)
library NetworkCode {
    using ProgramBytes for Cursor;

    uint256 private constant LAYERS_LIMIT = 16;
    uint256 private constant WIDTH_LIMIT = 4_096;
    uint256 private constant DILATION_LIMIT = 1_024;
    uint256 private constant SHIFT_LIMIT = 46;
    /// @dev Binary digits behind the point of what outputs are rounded from; at least `SHIFT_LIMIT`.
    uint256 private constant FRACTION = 48;
    uint256 private constant RELU_FLAG = 1;
    uint256 private constant RESIDUAL_FLAG = 2;
    uint256 private constant INT32_MAX = 2 ** 31 - 1;
    /// @dev Outputs whose sums share a word.
    uint256 private constant LANES = 8;

    uint256 private constant LANE_SIGN = 0x8000000080000000800000008000000080000000800000008000000080000000;
    uint256 private constant LANE_128 = 0x0000008000000080000000800000008000000080000000800000008000000080;

    /// @dev A layer of a program; addresses are in memory.
    struct Layer {
        uint256 inputs;
        uint256 outputs;
        uint256 flags;
        bool isLast;
        uint256 residual;
        /// @dev What its inputs are written with, added.
        uint256 added;
        uint256 weights;
        uint256 biases;
        uint256 multipliers;
        uint256 shifts;
    }

    /// @dev Compiles on from where `progress` stands until all is done or the page is full.
    /// @param cursor At the scaler.
    /// @return done True when the network is compiled.
    function compile(Cursor memory cursor, uint256 columns, NetworkProgress memory progress, Page memory page)
        internal
        pure
        returns (bool done)
    {
        if (!_compileColumns(cursor, columns, progress, page)) return false;
        cursor.skip(8 * columns);
        uint256 layers = cursor.u8();
        cursor.check(layers > 0 && layers <= LAYERS_LIMIT);
        if (progress.layerOffset == 0) {
            progress.inputs = uint16(columns);
            progress.added = uint16(ScaledInputs.OFFSET);
        } else {
            cursor.offset = progress.layerOffset;
        }
        while (progress.layers < layers) {
            progress.layerOffset = uint64(cursor.offset);
            Layer memory layer = _read(cursor, progress.inputs, progress.layers + 1 == layers);
            layer.added = progress.added;
            if (!_compileLayer(cursor, layer, progress, page)) return false;
            progress.layers += 1;
            progress.outputs = 0;
            progress.groups = 0;
            progress.inputs = uint16(layer.outputs);
            progress.added = uint16(_addedTo(layer));
        }
        cursor.check(cursor.offset == cursor.length);
        return true;
    }

    /// @dev Where the layers begin in a compiled network.
    function layersAt(uint256 words, uint256 columns) internal pure returns (uint256) {
        unchecked {
            // A multiple of `ScaledInputs.GROUP`.
            return words + ((columns + 7 & 0x1ff8) << 5);
        }
    }

    function _compileColumns(
        Cursor memory cursor,
        uint256 columns,
        NetworkProgress memory progress,
        Page memory page
    ) private pure returns (bool done) {
        uint256 scaler = cursor.offset;
        uint256 words = Math.ceilDiv(columns, ScaledInputs.GROUP) * ScaledInputs.GROUP;
        for (uint256 column = progress.columns; column < words; ++column) {
            if (page.size + 32 > page.capacity) return false;
            progress.columns += 1;
            if (column >= columns) {
                _append(page, ScaledInputs.NOTHING);
                continue;
            }
            cursor.offset = scaler + 4 * column;
            uint256 mean = cursor.f32();
            cursor.offset = scaler + 4 * (columns + column);
            uint256 deviation = cursor.f32();
            cursor.check(deviation >> 31 == 0);
            uint256 word = ScaledInputs.constantsOf(mean, deviation);
            if (ScaledInputs.isOdd(word)) progress.oddColumns += 1;
            _append(page, word);
        }
        cursor.offset = scaler;
        return true;
    }

    function _compileLayer(
        Cursor memory cursor,
        Layer memory layer,
        NetworkProgress memory progress,
        Page memory page
    ) private pure returns (bool done) {
        uint256 words = _outputWords(layer);
        for (uint256 output = progress.outputs; output < words; ++output) {
            if (page.size + 64 > page.capacity) return false;
            if (output == 0) _append(page, _head(layer));
            _append(page, output < layer.outputs ? _outputWord(cursor, layer, output) : 0);
            progress.outputs += 1;
        }
        uint256 groups = Math.ceilDiv(layer.outputs, LANES);
        uint256 size = 32 + 64 * Math.ceilDiv(layer.inputs, 8);
        for (uint256 group = progress.groups; group < groups; ++group) {
            if (progress.written == 0 && page.size + size <= page.capacity) {
                _compileGroup(cursor, layer, LANES * group, page);
            } else if (!_continueGroup(cursor, layer, progress, page, size)) {
                return false;
            }
            progress.groups += 1;
        }
        return true;
    }

    /// @dev Reads the layer at the cursor and checks it, but for its numbers.
    function _read(Cursor memory cursor, uint256 inputs, bool isLast)
        private
        pure
        returns (Layer memory layer)
    {
        // Over one step a layer has one tap.
        cursor.check(cursor.u16() == 1);
        layer.inputs = cursor.u16();
        cursor.check(layer.inputs == inputs);
        layer.outputs = cursor.u16();
        cursor.check(layer.outputs > 0 && layer.outputs <= WIDTH_LIMIT);
        uint256 dilation = cursor.u16();
        cursor.check(dilation > 0 && dilation <= DILATION_LIMIT);
        layer.flags = cursor.u8();
        cursor.check(layer.flags <= RELU_FLAG | RESIDUAL_FLAG);
        layer.isLast = isLast;
        cursor.check(!isLast || (layer.outputs == 1 && layer.flags == 0));
        if (layer.flags & RESIDUAL_FLAG != 0) {
            cursor.check(layer.inputs == layer.outputs);
            uint256 multiplier = cursor.u16();
            uint256 shift = cursor.u8();
            cursor.check(shift <= SHIFT_LIMIT);
            layer.residual = 1 << 24 | multiplier << 8 | shift;
        }
        layer.weights = cursor.skip(layer.inputs * layer.outputs);
        layer.biases = cursor.skip(4 * layer.outputs);
        layer.multipliers = cursor.skip(2 * layer.outputs);
        layer.shifts = cursor.skip(layer.outputs);
    }

    /// @dev What a layer's outputs are written with, added: the least one, negated.
    function _addedTo(Layer memory layer) private pure returns (uint256) {
        return layer.isLast ? 2 ** 31 : layer.flags & RELU_FLAG != 0 ? 0 : 2 ** 15;
    }

    function _head(Layer memory layer) private pure returns (uint256 head) {
        uint256 added = _addedTo(layer);
        uint256 greatest = added + (layer.isLast ? INT32_MAX : 2 ** 15 - 1);
        head = layer.residual << 224 | layer.added << 208 | added % 2 ** 16 << 192;
        head |= _outputWords(layer) << 128 + 5 | Math.ceilDiv(layer.inputs, 8) << 96 + 6;
        return head | ((greatest + 1 << FRACTION) - 1) << 16;
    }

    /// @dev Words that hold what outputs are requantised by.
    function _outputWords(Layer memory layer) private pure returns (uint256) {
        return layer.outputs + layer.outputs % 2;
    }

    function _outputWord(Cursor memory cursor, Layer memory layer, uint256 output)
        private
        pure
        returns (uint256)
    {
        uint256 multiplier = ProgramBytes.load(layer.multipliers + 2 * output, 2);
        uint256 shift = ProgramBytes.load(layer.shifts + output, 1);
        cursor.check(shift <= SHIFT_LIMIT);
        int256 added = int256(2 ** shift / 2 + (_addedTo(layer) << shift)) - int256(2 ** 31 * multiplier);
        return uint256(added << FRACTION - shift + 64) | multiplier << FRACTION - shift;
    }

    /// @dev Compiles a group of which part is in earlier pages, or does not fit into this one: all of it in each page's
    /// turn, since that is cheaper than to keep how far it was.
    function _continueGroup(
        Cursor memory cursor,
        Layer memory layer,
        NetworkProgress memory progress,
        Page memory page,
        uint256 size
    ) private pure returns (bool done) {
        bytes memory words = new bytes(size);
        Page memory group = Page({place: CodeStore.addressOf(words), capacity: size, size: 0});
        _compileGroup(cursor, layer, LANES * progress.groups, group);
        uint256 room = (page.capacity - page.size) / 32 * 32;
        uint256 part = Math.min(size - progress.written, room);
        uint256 from = group.place + progress.written;
        uint256 to = page.place + page.size;
        // Solidity cannot copy part of memory to an address.
        assembly ("memory-safe") {
            mcopy(to, from, part)
        }
        page.size += part;
        progress.written += uint32(part);
        done = progress.written == size;
        if (done) progress.written = 0;
    }

    /// @dev Compiles eight outputs, or what is left of them, and checks that their sums stay in 32 bits.
    function _compileGroup(Cursor memory cursor, Layer memory layer, uint256 first, Page memory page)
        private
        pure
    {
        uint256 lanes = Math.min(LANES, layer.outputs - first);
        uint256 biases = 0;
        for (uint256 lane = 0; lane < lanes; ++lane) {
            biases |= ProgramBytes.load(layer.biases + 4 * (first + lane), 4) << 224 - 32 * lane;
        }
        uint256 size = 64 * Math.ceilDiv(layer.inputs, 8);
        (uint256 magnitudes, uint256 seen, uint256 sums) = WeightLanes.write(
            layer.weights + first, layer.inputs, layer.outputs, lanes, page.place + page.size + 32
        );
        unchecked {
            // Adding 2^31 to an int32 turns its highest bit.
            _append(page, (biases ^ (LANE_SIGN & ~(type(uint256).max >> 32 * lanes))) - layer.added * sums);
        }
        page.size += size;
        cursor.check(seen & LANE_128 == 0);
        for (uint256 lane = 0; lane < LANES; ++lane) {
            uint256 magnitude = magnitudes >> 32 * lane & 0xffffffff;
            int256 bias = int32(uint32(biases >> 32 * lane));
            cursor.check(magnitude * 2 ** 15 + SignedMath.abs(bias) <= INT32_MAX);
        }
    }

    function _append(Page memory page, uint256 word) private pure {
        uint256 place = page.place + page.size;
        page.size += 32;
        // Solidity cannot write to an address.
        assembly ("memory-safe") {
            mstore(place, word)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ICoeRegistry} from "../interfaces/ICoeRegistry.sol";

/// @title Which lease books a registry knows
/// @notice A book needs the governor, the time in which whoever distrusts it can unbond, and each host's consent.
abstract contract CoeBooks is ICoeRegistry, Ownable {
    /// @notice A COE keeps one bit a book.
    uint256 public constant MOST_BOOKS = 32;

    struct Book {
        uint64 from; // 0 for one that was never proposed
        uint8 index;
        bool authorised;
    }

    /// @inheritdoc ICoeRegistry
    uint64 public immutable BOOK_DELAY;

    mapping(address book => Book) private _books;
    uint8 private _proposed;

    constructor(uint64 bookDelay) {
        BOOK_DELAY = bookDelay;
    }

    /// @inheritdoc ICoeRegistry
    /// @dev No host can have leases before there is a book, so there is nothing that the first would have to wait for.
    function proposeBook(address book) external onlyOwner {
        if (book == address(0)) revert BookUnknown(book);
        if (_books[book].from != 0) revert BookKnown(book);
        uint8 index = _proposed;
        if (index == MOST_BOOKS) revert TooManyBooks();

        uint64 from = uint64(block.timestamp) + (index == 0 ? 0 : BOOK_DELAY);
        _books[book] = Book({from: from, index: index, authorised: false});
        _proposed = index + 1;
        emit BookProposed(book, from);
    }

    /// @inheritdoc ICoeRegistry
    function authoriseBook(address book) external {
        Book memory known = _books[book];
        if (known.from == 0) revert BookUnknown(book);
        if (known.authorised) revert BookKnown(book);
        if (block.timestamp < known.from) revert BookTooEarly(book, known.from);

        _books[book].authorised = true;
        emit BookAuthorised(book, known.index);
    }

    /// @inheritdoc ICoeRegistry
    function isBook(address book) external view returns (bool) {
        return _books[book].authorised;
    }

    /// @return bit in a COE's set of books; 0 for a book that is not authorised
    function _bitOf(address book) internal view returns (uint32 bit) {
        Book storage known = _books[book];
        return known.authorised ? uint32(1) << known.index : 0;
    }

    /// @dev Only for a caller that is an authorised book.
    function _bitOfCaller() internal view returns (uint32 bit) {
        bit = _bitOf(msg.sender);
        if (bit == 0) revert NotABook(msg.sender);
    }
}

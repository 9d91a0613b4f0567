// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Stands for the registry of host images where tests decide what is usable
contract OsImages {
    mapping(bytes32 osImage => bool) public isUsable;

    function set(bytes32 osImage, bool usable) external {
        isUsable[osImage] = usable;
    }
}

/** Preloaded into a program that has a channel to its parent: ends it when that one is gone, even by kill -9. */
process.on('disconnect', () => process.exit());
process.channel?.unref(); // the program may end before

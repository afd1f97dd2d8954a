/** What DynamoDB Streams and Kinesis have in common: order within a shard. */

/**
 * Records of a batch come from one shard and are worked on in order. After a failure Lambda delivers everything from the first
 * failed sequence number on again, so those behind it are left alone: none is done twice and none overtakes ("Configuring partial
 * batch response with DynamoDB and Lambda").
 */
export const shard = { group: "shard" } as const;

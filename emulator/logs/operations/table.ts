import type { Operation } from "../service.ts";
import { filterLogEvents } from "./filter-events.ts";
import { getLogEvents } from "./get-events.ts";
import { getLogRecord } from "./get-log-record.ts";
import * as groups from "./groups.ts";
import { startLiveTail } from "./live-tail.ts";
import { putLogEvents } from "./put.ts";
import * as queries from "./queries.ts";
import * as streams from "./streams.ts";
import { testMetricFilter } from "./test-metric-filter.ts";

/** The operations that are answered; any other gets the service's refusal of operations it does not know. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  CreateLogGroup: groups.createLogGroup,
  DeleteLogGroup: groups.deleteLogGroup,
  DescribeLogGroups: groups.describeLogGroups,
  ListLogGroups: groups.listLogGroups,
  PutRetentionPolicy: groups.putRetentionPolicy,
  DeleteRetentionPolicy: groups.deleteRetentionPolicy,
  PutLogGroupDeletionProtection: groups.putLogGroupDeletionProtection,
  TagResource: groups.tagResource,
  UntagResource: groups.untagResource,
  ListTagsForResource: groups.listTagsForResource,
  TagLogGroup: groups.tagLogGroup,
  UntagLogGroup: groups.untagLogGroup,
  ListTagsLogGroup: groups.listTagsLogGroup,
  CreateLogStream: streams.createLogStream,
  DeleteLogStream: streams.deleteLogStream,
  DescribeLogStreams: streams.describeLogStreams,
  PutLogEvents: putLogEvents,
  GetLogEvents: getLogEvents,
  FilterLogEvents: filterLogEvents,
  TestMetricFilter: testMetricFilter,
  StartLiveTail: startLiveTail,
  StartQuery: queries.startQuery,
  GetQueryResults: queries.getQueryResults,
  StopQuery: queries.stopQuery,
  DescribeQueries: queries.describeQueries,
  GetLogRecord: getLogRecord,
};

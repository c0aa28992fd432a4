const NO_ORDER = 'it sorts by createdAt, which many events share, and keeps no other order'
const MISSED = 'it asks for events later than a millisecond, and so misses those of the same one'
const FIRST_OPERATOR = 'of several operators for one field it takes the first'
const PATTERN = 'it takes the text for a regular expression'
const NO_DOTS = 'its store has no field names with a dot, and refuses'
const OTHER_NAME = 'it stores connectionID and asks for connectionId, so it never finds the row'
const NO_SUBSCRIPTION_ID =
  'it asks for a field subscriptionID that a stored subscription does not have, so it never deletes one'
const NO_SEQUENCE = 'it knows nothing of sequence keys: the rows overwrite each other'

/** The cases that Booster's own local provider fails, and why. A case listed here that passes fails the suite. */
export const LOCAL_PROVIDER_FAILURES: Readonly<Record<string, string>> = {
  events_keep_any_name_of_a_field: NO_DOTS,
  dispatched_once: 'it does not keep what was dispatched, and always answers true',
  one_millisecond_keeps_the_order_of_a_batch: NO_ORDER,
  one_millisecond_keeps_the_order_of_calls: NO_ORDER,
  one_millisecond_has_a_before_and_an_after: MISSED,
  one_millisecond_loses_no_update: MISSED,
  search_events_of_one_millisecond: NO_ORDER,
  dispatch_of_many_callers_on_one_entity: MISSED,
  read_model_any_name_of_a_field: NO_DOTS,
  concurrency_made_twice: 'it looks for a read model of version 1 only, and makes a second one beside a later version',
  concurrency_not_asked_for: 'it takes no expected version for an expected version of none',
  sequenced_read_model_has_a_row_for_each_key: NO_SEQUENCE,
  sequenced_read_model_is_fetched_by_its_key: NO_SEQUENCE,
  values_that_say_their_form: 'its store copies the fields of an object, and asks no toJSON',
  values_dates_as_texts: 'its store has dates of its own, and leaves a text as it is',
  values_bigint: 'it writes JSON, which has no bigint, and refuses',
  filter_contains_no_pattern: PATTERN,
  filter_begins_with_no_pattern: PATTERN,
  filter_includes_text: PATTERN,
  filter_several_operators: FIRST_OPERATOR,
  filter_several_operators_other_way_round: FIRST_OPERATOR,
  filter_several_operators_nested: FIRST_OPERATOR,
  sort_with_a_filter: FIRST_OPERATOR,
  subscription_is_deleted_alone: NO_SUBSCRIPTION_ID,
  subscription_expires: 'it expires only dates, and the time is a number',
  connection_data_come_back: OTHER_NAME,
  connection_data_are_replaced: OTHER_NAME,
  connection_data_are_deleted: OTHER_NAME,
  graphql_list_by_several_operators: FIRST_OPERATOR,
  socket_subscription_stops: NO_SUBSCRIPTION_ID,
}

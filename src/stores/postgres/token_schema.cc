#include "stores/postgres/token_schema.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <tuple>

namespace assay::stores {

namespace {

// Times are microseconds since 1970. Texts are bytes: what a client says of itself may be any, and
// one that PostgreSQL takes for no text must not spoil the transaction of others. Of a record, what
// is counted and searched by has columns of its own; stores/token_row.h says what is in the
// rest. `kind` is 0 of an access token, 1 of a refresh token that is good; above, of one that was
// rotated: until when its answer can be repeated.
//
// Claims are unique whatever their end, so they lie in one table.
//
// A family that was revoked is marked: its tokens lie in many places, and a call at that moment may
// add to them. Until when the mark is needed is told later, when all such calls are over.
constexpr std::string_view kTables = R"sql(
CREATE TABLE {schema}.claims (
  digest   bytea PRIMARY KEY,
  until    bigint NOT NULL,
  taken_at bigint NOT NULL
);
CREATE INDEX claims_by_end ON {schema}.claims (until);

CREATE TABLE {schema}.tokens (
  place      bigint NOT NULL,
  digest     bytea NOT NULL,
  kind       bigint NOT NULL,
  client_id  bytea NOT NULL,
  family     bytea NOT NULL,
  expires_at bigint NOT NULL,
  record     bytea NOT NULL,
  PRIMARY KEY (place, digest)
) PARTITION BY RANGE (place);
CREATE TABLE {schema}.tokens_anywhere PARTITION OF {schema}.tokens
  FOR VALUES FROM (MINVALUE) TO (1);
CREATE INDEX tokens_anywhere_by_end ON {schema}.tokens_anywhere (expires_at);

CREATE TABLE {schema}.token_spans ( -- the other partitions
  low     bigint PRIMARY KEY,
  high    bigint NOT NULL,
  over_at bigint NOT NULL,
  ending  boolean NOT NULL DEFAULT false
);

CREATE TABLE {schema}.revoked_families (
  family     bytea PRIMARY KEY,
  revoked_at bigint NOT NULL,
  until      bigint
);

CREATE TABLE {schema}.answers (
  digest           bytea PRIMARY KEY,
  until            bigint NOT NULL,
  successor_place  bigint NOT NULL,
  successor_digest bytea NOT NULL,
  sealed           bytea NOT NULL
);
CREATE INDEX answers_by_end ON {schema}.answers (until);

CREATE FUNCTION {schema}.make_token_span(in_low bigint, in_high bigint, in_over_at bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  is_ending boolean;
  name text := 'tokens_' || in_low;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('{schema} token spans', 0));
  SELECT ending INTO is_ending FROM {schema}.token_spans WHERE low = in_low;
  IF is_ending THEN
    RAISE 'the span is being dropped' USING ERRCODE = 'serialization_failure';
  ELSIF is_ending IS NULL THEN
    EXECUTE format('CREATE TABLE {schema}.%I (LIKE {schema}.tokens INCLUDING ALL)', name);
    -- Unlike CREATE TABLE ... PARTITION OF, this keeps nobody from reading and writing.
    EXECUTE format('ALTER TABLE {schema}.tokens ATTACH PARTITION {schema}.%I '
                   'FOR VALUES FROM (%s) TO (%s)', name, in_low, in_high);
    INSERT INTO {schema}.token_spans (low, high, over_at) VALUES (in_low, in_high, in_over_at);
  END IF;
END $$;

CREATE FUNCTION {schema}.make_token_spans(lows bigint[], highs bigint[], over_ats bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM {schema}.make_token_span(s.low, s.high, s.over_at)
    FROM unnest(lows, highs, over_ats) AS s(low, high, over_at)
    WHERE NOT EXISTS (SELECT FROM {schema}.token_spans k WHERE k.low = s.low AND NOT k.ending);
END $$;

CREATE FUNCTION {schema}.forget_token_span(in_low bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TABLE IF EXISTS {schema}.%I', 'tokens_' || in_low);
  DELETE FROM {schema}.token_spans WHERE low = in_low;
END $$;
)sql";

// The plans are told what to do rather than left to find out: statistics of a table that was empty
// a minute ago are worth nothing, and a bad plan of a cached statement stays.
//
// A group of calls is one statement, and so one transaction. Claims come sorted: two groups that
// take the same ones must not wait for each other in a circle. That a claim is taken is decided for
// each by itself.
constexpr std::string_view kWriting = R"sql(
CREATE FUNCTION {schema}.take_claims(digests bytea[], untils bigint[], taken_ats bigint[])
RETURNS SETOF bytea LANGUAGE plpgsql
SET jit = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  INSERT INTO {schema}.claims AS c (digest, until, taken_at)
  SELECT n.digest, n.until, n.taken_at
  FROM unnest(digests, untils, taken_ats) AS n(digest, until, taken_at)
  ON CONFLICT (digest) DO UPDATE SET until = excluded.until, taken_at = excluded.taken_at
    WHERE c.until <= excluded.taken_at -- its assertion is refused as expired by now
  RETURNING c.digest;
END $$;

CREATE FUNCTION {schema}.issue(
  claims bytea[], untils bigint[], taken_ats bigint[],
  lows bigint[], highs bigint[], over_ats bigint[],
  of_claims bytea[], places bigint[], digests bytea[], kinds bigint[], client_ids bytea[],
  families bytea[], ends bigint[], records bytea[]
) RETURNS SETOF bytea LANGUAGE plpgsql
SET jit = off SET enable_nestloop = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM {schema}.make_token_spans(lows, highs, over_ats);
  RETURN QUERY
  WITH taken AS (
    INSERT INTO {schema}.claims AS c (digest, until, taken_at)
    SELECT n.digest, n.until, n.taken_at
    FROM unnest(claims, untils, taken_ats) AS n(digest, until, taken_at)
    ON CONFLICT (digest) DO UPDATE SET until = excluded.until, taken_at = excluded.taken_at
      WHERE c.until <= excluded.taken_at
    RETURNING c.digest
  ), stored AS (
    INSERT INTO {schema}.tokens (place, digest, kind, client_id, family, expires_at, record)
    SELECT n.place, n.digest, n.kind, n.client_id, n.family, n.expires_at, n.record
    FROM unnest(of_claims, places, digests, kinds, client_ids, families, ends, records)
      AS n(claim, place, digest, kind, client_id, family, expires_at, record)
    LEFT JOIN taken ON taken.digest = n.claim
    WHERE n.claim IS NULL OR taken.digest IS NOT NULL
  )
  SELECT taken.digest FROM taken;
END $$;

CREATE FUNCTION {schema}.revoke(places bigint[], digests bytea[], nows bigint[])
RETURNS TABLE (number bigint, revoked boolean) LANGUAGE plpgsql
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  token record;
  r record;
BEGIN
  FOR r IN
    SELECT * FROM unnest(places, digests, nows) WITH ORDINALITY AS k(place, digest, now, number)
    ORDER BY k.digest, k.number
  LOOP
    number := r.number;
    revoked := false;
    SELECT t.kind, t.family INTO token FROM {schema}.tokens t
      WHERE t.place = ANY (ARRAY[r.place, 0]) AND t.digest = r.digest AND t.expires_at > r.now
        AND NOT EXISTS (SELECT FROM {schema}.revoked_families f WHERE f.family = t.family);
    IF FOUND AND token.kind > 0 AND token.family <> '' THEN
      INSERT INTO {schema}.revoked_families (family, revoked_at) VALUES (token.family, r.now)
        ON CONFLICT DO NOTHING;
      revoked := FOUND;
    ELSIF FOUND THEN
      DELETE FROM {schema}.tokens t
        WHERE t.place = ANY (ARRAY[r.place, 0]) AND t.digest = r.digest;
      revoked := FOUND;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
)sql";

// Each statement in it sees what was committed before it began: who had to wait for another that
// rotated the same token finds the answer to that one.
constexpr std::string_view kRedeeming = R"sql(
CREATE FUNCTION {schema}.exchange(
  in_place bigint, in_digest bytea, in_now bigint, change text, in_until bigint, in_family bytea
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM {schema}.revoked_families f WHERE f.family = in_family) THEN
    RETURN false;
  END IF;
  CASE change
  WHEN 'rotate' THEN
    UPDATE {schema}.tokens t SET kind = in_until
      WHERE t.place = ANY (ARRAY[in_place, 0]) AND t.digest = in_digest
        AND t.expires_at > in_now AND t.kind = 1;
  WHEN 'extend' THEN -- its span is dropped when it is over, so it moves out
    UPDATE {schema}.tokens t SET place = 0, expires_at = greatest(t.expires_at, in_until)
      WHERE t.place = ANY (ARRAY[in_place, 0]) AND t.digest = in_digest
        AND t.expires_at > in_now AND t.kind = 1;
  WHEN 'keep' THEN
    PERFORM FROM {schema}.tokens t
      WHERE t.place = ANY (ARRAY[in_place, 0]) AND t.digest = in_digest
        AND t.expires_at > in_now AND t.kind = 1;
  END CASE;
  RETURN FOUND;
END $$;

-- The sealed answer to the first use, or null, and then the family is revoked.
CREATE FUNCTION {schema}.use_again(
  in_place bigint, in_digest bytea, in_now bigint, OUT outcome text, OUT answer bytea
) LANGUAGE plpgsql AS $$
DECLARE
  token record;
BEGIN
  outcome := 'unknown';
  SELECT t.place, t.kind, t.family INTO token FROM {schema}.tokens t
    WHERE t.place = ANY (ARRAY[in_place, 0]) AND t.digest = in_digest AND t.expires_at > in_now
      AND NOT EXISTS (SELECT FROM {schema}.revoked_families f WHERE f.family = t.family);
  IF NOT FOUND OR token.kind <= 1 THEN
    RETURN;
  END IF;
  IF in_now < token.kind THEN
    -- A successor that is gone, or was used itself, shows that its owner got the first answer.
    SELECT a.sealed INTO answer FROM {schema}.answers a
      WHERE a.digest = in_digest AND a.until = token.kind AND EXISTS (
        SELECT FROM {schema}.tokens s
        WHERE s.place = ANY (ARRAY[a.successor_place, 0]) AND s.digest = a.successor_digest
          AND s.expires_at > in_now AND s.kind = 1);
    IF FOUND THEN
      outcome := 'repeated';
      RETURN;
    END IF;
  END IF;
  outcome := 'reused';
  IF token.family = '' THEN
    DELETE FROM {schema}.tokens t WHERE t.place = token.place AND t.digest = in_digest;
  ELSE
    INSERT INTO {schema}.revoked_families (family, revoked_at) VALUES (token.family, in_now)
      ON CONFLICT DO NOTHING;
  END IF;
END $$;

CREATE FUNCTION {schema}.redeem(
  claims bytea[], untils bigint[], taken_ats bigint[],
  lows bigint[], highs bigint[], over_ats bigint[],
  of_claims bytea[], places bigint[], digests bytea[], nows bigint[], changes text[],
  limits bigint[], families bytea[], sealed bytea[],
  access_places bigint[], access_digests bytea[], access_client_ids bytea[],
  access_ends bigint[], access_records bytea[],
  next_places bigint[], next_digests bytea[], next_client_ids bytea[],
  next_ends bigint[], next_records bytea[]
) RETURNS TABLE (number bigint, outcome text, answer bytea) LANGUAGE plpgsql
SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  taken bytea[];
  r record;
BEGIN
  PERFORM {schema}.make_token_spans(lows, highs, over_ats);
  taken := ARRAY(SELECT {schema}.take_claims(claims, untils, taken_ats));
  FOR r IN
    SELECT * FROM unnest(of_claims, places, digests, nows, changes, limits, families, sealed,
                         access_places, access_digests, access_client_ids, access_ends,
                         access_records, next_places, next_digests, next_client_ids, next_ends,
                         next_records)
      WITH ORDINALITY AS k(claim, place, digest, now, change, until, family, sealed,
                           access_place, access_digest, access_client_id, access_end,
                           access_record, next_place, next_digest, next_client_id, next_end,
                           next_record, number)
    ORDER BY k.digest, k.number
  LOOP
    number := r.number;
    answer := NULL;
    IF r.claim IS NOT NULL AND r.claim <> ALL (taken) THEN
      outcome := 'used_before';
    ELSIF {schema}.exchange(r.place, r.digest, r.now, r.change, r.until, r.family) THEN
      outcome := 'stored';
      INSERT INTO {schema}.tokens (place, digest, kind, client_id, family, expires_at, record)
        VALUES (r.access_place, r.access_digest, 0, r.access_client_id, r.family, r.access_end,
                r.access_record);
      IF r.change = 'rotate' THEN
        INSERT INTO {schema}.tokens (place, digest, kind, client_id, family, expires_at, record)
          VALUES (r.next_place, r.next_digest, 1, r.next_client_id, r.family, r.next_end,
                  r.next_record);
        INSERT INTO {schema}.answers (digest, until, successor_place, successor_digest, sealed)
          VALUES (r.digest, r.until, r.next_place, r.next_digest, r.sealed)
          ON CONFLICT (digest) DO UPDATE SET until = excluded.until, sealed = excluded.sealed,
            successor_place = excluded.successor_place,
            successor_digest = excluded.successor_digest;
      END IF;
    ELSE
      SELECT u.outcome, u.answer INTO outcome, answer
        FROM {schema}.use_again(r.place, r.digest, r.now) u;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;
)sql";

constexpr std::string_view kReading = R"sql(
CREATE FUNCTION {schema}.find_tokens(places bigint[], digests bytea[], nows bigint[])
RETURNS TABLE (number bigint, kind bigint, client_id bytea, expires_at bigint, record bytea)
LANGUAGE plpgsql STABLE
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  SELECT k.number, t.kind, t.client_id, t.expires_at, t.record
  FROM unnest(places, digests, nows) WITH ORDINALITY AS k(place, digest, now, number)
  JOIN {schema}.tokens t ON t.place = ANY (ARRAY[k.place, 0]) AND t.digest = k.digest
  WHERE t.expires_at > k.now
    AND NOT EXISTS (SELECT FROM {schema}.revoked_families f WHERE f.family = t.family);
END $$;

CREATE FUNCTION {schema}.seen_claims(digests bytea[], nows bigint[])
RETURNS TABLE (number bigint) LANGUAGE plpgsql STABLE
SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
  SELECT k.number FROM unnest(digests, nows) WITH ORDINALITY AS k(digest, now, number)
  JOIN {schema}.claims c ON c.digest = k.digest WHERE c.until > k.now;
END $$;
)sql";

// A claim is a row that is deleted soon after: left to the defaults, its table would grow to a
// multiple of what is live before anything is reused.
constexpr std::string_view kVacuuming = R"sql(
ALTER TABLE {schema}.claims
  SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
)sql";

} // namespace

PostgresSchema token_schema() {
  static const std::string script =
      std::string(kTables).append(kWriting).append(kRedeeming).append(kReading);
  static const std::array migrations{PostgresMigration{script, 1},
                                     PostgresMigration{kVacuuming, 1}};
#ifdef ASSAY_TOKEN_MIGRATIONS // an older node, as rolling upgrades meet it
  constexpr std::size_t kKnown = ASSAY_TOKEN_MIGRATIONS;
#else
  constexpr std::size_t kKnown = std::tuple_size_v<decltype(migrations)>;
#endif
  return {"tokens", std::span(migrations).first<kKnown>()};
}

} // namespace assay::stores

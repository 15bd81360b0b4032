-- prizes (totalCount)
SELECT count(*) FROM change WHERE type_name = 'Prize';

-- prizes.nodes (action, type, id, release.version, node.slug)
SELECT change.action, upper(change.type_name), change.uid, release.version, prize.slug
FROM change
JOIN release ON release.id = change.release_id
JOIN prize ON prize.uid = change.uid
WHERE release.updated_at >= '2026-01-31'
ORDER BY change.id;

-- since (totalCount)
SELECT count(*)
FROM change
JOIN release ON release.id = change.release_id
WHERE release.id > (SELECT id FROM release WHERE version = '2026-01-31.1');

-- not told by SQL (since.pageInfo.hasNextPage)

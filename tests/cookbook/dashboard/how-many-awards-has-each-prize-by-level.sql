-- awardGroups (totalCount)
SELECT count(*) FROM (
    SELECT DISTINCT e.prize_id, a.level FROM award AS a JOIN edition AS e ON e.id = a.edition_id
) AS g;

-- awardGroups.nodes (key.prize.slug, key.level, count, share)
SELECT
    p.slug, a.level, count(*),
    count(*) * 1.0 / sum(count(*)) OVER (PARTITION BY p.slug)
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
GROUP BY p.slug, a.level, a.level_rank
ORDER BY p.slug, a.level_rank DESC;

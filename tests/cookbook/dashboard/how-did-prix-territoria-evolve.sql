-- awardGroups (totalCount)
SELECT count(DISTINCT a.year)
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
WHERE p.slug = 'prix-territoria' AND a.year >= 2012;

-- awardGroups.nodes (key.year, count, previous, delta)
WITH counted AS (
    SELECT a.year, count(*) AS n
    FROM award AS a
    JOIN edition AS e ON e.id = a.edition_id
    JOIN prize AS p ON p.id = e.prize_id
    WHERE p.slug = 'prix-territoria' AND a.year >= 2012
    GROUP BY a.year
)
SELECT now.year, now.n, before.n, now.n - before.n
FROM counted AS now
LEFT JOIN counted AS before ON before.year = now.year - 1
ORDER BY now.year DESC;

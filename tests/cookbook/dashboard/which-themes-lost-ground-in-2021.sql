-- awardGroups.nodes (key.category.slug, key.year, previous, count, delta)
WITH counted AS (
    SELECT t.slug, a.year, count(*) AS n
    FROM award AS a
    LEFT JOIN category AS t ON t.id = a.category_id
    WHERE a.year IN (2020, 2021)
    GROUP BY t.slug, a.year
)
SELECT now.slug, now.year, before.n, now.n, now.n - before.n
FROM counted AS now
JOIN counted AS before
    ON before.year = now.year - 1 AND coalesce(before.slug, '') = coalesce(now.slug, '')
WHERE now.n < before.n
ORDER BY now.n - before.n, now.slug NULLS LAST;

-- awardGroups (totalCount)
WITH counted AS (
    SELECT coalesce(category_id, 0) AS theme, year, count(*) AS n
    FROM award WHERE year IN (2020, 2021)
    GROUP BY coalesce(category_id, 0), year
)
SELECT count(*)
FROM counted AS now
JOIN counted AS before ON before.year = now.year - 1 AND before.theme = now.theme
WHERE now.n < before.n;

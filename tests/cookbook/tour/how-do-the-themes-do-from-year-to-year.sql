-- awardGroups.nodes (key.category.label, key.year, count, delta, share)
WITH counted AS (
    SELECT category_id, year, count(*) AS n FROM award GROUP BY category_id, year
),
figures AS (
    SELECT
        t.slug, t.label_fr, now.year, now.n, now.n - before.n AS delta,
        now.n * 1.0 / (SELECT sum(n) FROM counted AS c WHERE c.year = now.year) AS share
    FROM counted AS now
    LEFT JOIN category AS t ON t.id = now.category_id
    LEFT JOIN counted AS before
        ON before.year = now.year - 1
        AND coalesce(before.category_id, 0) = coalesce(now.category_id, 0)
)
SELECT label_fr, year, n, delta, share
FROM figures
WHERE n >= 2
ORDER BY n DESC, slug NULLS LAST, year
LIMIT 20;

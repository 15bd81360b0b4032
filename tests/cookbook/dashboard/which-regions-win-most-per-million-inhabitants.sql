-- awardGroups (totalCount)
-- The régions that have an award, and one group for the awards that lie in none.
SELECT count(DISTINCT coalesce(c.region_id, 0))
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id;

-- awardGroups.nodes (rank, key.region.code, key.region.name, key.region.population, count, perCapita)
WITH figures AS (
    SELECT
        r.code, r.name, r.population, count(DISTINCT l.award_id) AS n,
        count(DISTINCT l.award_id) * 1000000.0 / r.population AS per
    FROM laureate AS l
    JOIN collectivity AS c ON c.id = l.collectivity_id
    JOIN collectivity AS r ON r.id = c.region_id
    GROUP BY r.code, r.name, r.population
)
SELECT rank() OVER (ORDER BY per DESC NULLS LAST), code, name, population, n, per
FROM figures
ORDER BY per DESC NULLS LAST, code
LIMIT 5;

-- awardGroups (totalCount)
-- One group for each département, and one for the awards that lie in none.
SELECT count(*)
    + CASE WHEN EXISTS (
        SELECT 1
        FROM award AS a
        JOIN laureate AS l ON l.award_id = a.id
        JOIN collectivity AS c ON c.id = l.collectivity_id
        WHERE a.year >= 2015 AND c.departement_id IS NULL
    ) THEN 1 ELSE 0 END
FROM collectivity
WHERE kind = 'DEPARTEMENT';

-- awardGroups.nodes (key.departement.code, key.departement.name, count, perCapita, rank)
WITH won AS (
    SELECT DISTINCT a.id AS award_id, c.departement_id
    FROM award AS a
    JOIN laureate AS l ON l.award_id = a.id
    JOIN collectivity AS c ON c.id = l.collectivity_id
    WHERE a.year >= 2015
),
figures AS (
    SELECT d.code, d.name, count(w.award_id) AS n, count(w.award_id) * 100000.0 / d.population AS per
    FROM collectivity AS d
    LEFT JOIN won AS w ON w.departement_id = d.id
    WHERE d.kind = 'DEPARTEMENT'
    GROUP BY d.id, d.code, d.name, d.population
)
SELECT code, name, n, per, rank() OVER (ORDER BY per DESC NULLS LAST)
FROM figures
ORDER BY per DESC NULLS LAST, code
LIMIT 20;

-- awardGroups.nodes (key.departement.code, items.nodes.level)
WITH won AS (
    SELECT DISTINCT a.id, a.level, a.level_rank, a.year, a.key, c.departement_id
    FROM award AS a
    JOIN laureate AS l ON l.award_id = a.id
    JOIN collectivity AS c ON c.id = l.collectivity_id
    WHERE a.year >= 2015
),
figures AS (
    SELECT d.id, d.code, count(w.id) * 100000.0 / d.population AS per
    FROM collectivity AS d
    LEFT JOIN won AS w ON w.departement_id = d.id
    WHERE d.kind = 'DEPARTEMENT'
    GROUP BY d.id, d.code, d.population
),
top AS (
    SELECT id, code, per FROM figures ORDER BY per DESC NULLS LAST, code LIMIT 20
),
numbered AS (
    SELECT
        top.code, top.per, won.level,
        row_number() OVER (
            PARTITION BY top.id ORDER BY won.year DESC, won.level_rank DESC, won.key DESC
        ) AS place
    FROM top
    LEFT JOIN won ON won.departement_id = top.id
)
SELECT code, level FROM numbered WHERE place <= 3 ORDER BY per DESC, code, place;

-- collectivities (totalCount, aggregate.count, aggregate.population.known, aggregate.population.min, aggregate.population.max)
SELECT count(*), count(*), count(population), min(population), max(population)
FROM collectivity
WHERE kind IN ('COMMUNE', 'EPCI') AND id IN (SELECT collectivity_id FROM laureate);

-- collectivities.aggregate (population.median)
WITH ordered AS (
    SELECT
        population * 1.0 AS value,
        row_number() OVER (ORDER BY population) AS place,
        count(*) OVER () AS n
    FROM collectivity
    WHERE kind IN ('COMMUNE', 'EPCI') AND id IN (SELECT collectivity_id FROM laureate)
    AND population IS NOT NULL
)
SELECT avg(value) FROM ordered WHERE place IN ((n + 1) / 2, (n + 2) / 2);

-- not told by SQL (collectivities.facets.kind.label)

-- collectivities.facets.kind (value, count)
-- All kinds: a facet leaves out what the list itself says of it.
SELECT kind, count(*) AS n
FROM collectivity
WHERE id IN (SELECT collectivity_id FROM laureate)
GROUP BY kind
ORDER BY n DESC, CASE kind
    WHEN 'REGION' THEN 1 WHEN 'DEPARTEMENT' THEN 2 WHEN 'EPCI' THEN 3 WHEN 'COMMUNE' THEN 4 ELSE 5
END;

-- not told by SQL (collectivities.facets.populationClass.label, collectivities.facets.populationClass.labelEn)

-- collectivities.facets.populationClass (value, count)
WITH classed AS (
    SELECT
        CASE
            WHEN population < 2000 THEN 'UNDER_2000'
            WHEN population < 10000 THEN 'FROM_2000_TO_9999'
            WHEN population < 50000 THEN 'FROM_10000_TO_49999'
            WHEN population < 200000 THEN 'FROM_50000_TO_199999'
            WHEN population >= 200000 THEN 'FROM_200000'
        END AS class,
        population
    FROM collectivity
    WHERE kind IN ('COMMUNE', 'EPCI') AND id IN (SELECT collectivity_id FROM laureate)
)
SELECT class, count(*) AS n FROM classed GROUP BY class
ORDER BY n DESC, min(population);
